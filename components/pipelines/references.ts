/** What stands between double braces in a text. */
export function tagsOf(text: string): string[] {
    return [...text.matchAll(/\{\{\s*(.*?)\s*\}\}/gs)].map(([, tag = ""]) => tag);
}

/** Whom a tag refers to. */
export type Reference =
    | { readonly kind: "pipeline-parameter"; readonly name: string }
    | { readonly kind: "input-parameter"; readonly name: string }
    | { readonly kind: "input-artifact"; readonly name: string }
    | { readonly kind: "output-parameter"; readonly name: string }
    | { readonly kind: "output-artifact"; readonly name: string }
    | { readonly kind: "task"; readonly step: string; readonly parameter?: string }
    | { readonly kind: "item" }
    /** What Argo fills in by itself, and expressions. */
    | { readonly kind: "argo" }
    | { readonly kind: "unknown" };

const BY_ARGO = [
    /^=/,
    /^workflow\.(name|namespace|uid|serviceAccountName|mainEntrypoint|duration|priority|scheduledTime|status)$/,
    /^workflow\.creationTimestamp(\.\w+)?$/,
    /^workflow\.(labels|annotations)\..+$/,
    /^(pod|node|tasks)\.name$/,
    /^retries$/,
];

const SHAPES: readonly (readonly [RegExp, (name: string) => Reference])[] = [
    [/^workflow\.parameters\.([^.]+)$/, (name) => ({ kind: "pipeline-parameter", name })],
    [/^inputs\.parameters\.([^.]+)$/, (name) => ({ kind: "input-parameter", name })],
    [/^inputs\.artifacts\.([^.]+)\.path$/, (name) => ({ kind: "input-artifact", name })],
    [/^outputs\.parameters\.([^.]+)\.path$/, (name) => ({ kind: "output-parameter", name })],
    [/^outputs\.artifacts\.([^.]+)\.path$/, (name) => ({ kind: "output-artifact", name })],
    [/^tasks\.([^.]+)\.(?:status|exitCode|startedAt|finishedAt)$/, (step) => ({ kind: "task", step })],
];

export function referenceOf(tag: string): Reference {
    const [, step, parameter] = /^tasks\.([^.]+)\.outputs\.parameters\.([^.]+)$/.exec(tag) ?? [];
    if (step !== undefined && parameter !== undefined) return { kind: "task", step, parameter };
    if (tag === "item") return { kind: "item" };
    for (const [shape, make] of SHAPES) {
        const name = shape.exec(tag)?.[1];
        if (name !== undefined) return make(name);
    }
    return { kind: BY_ARGO.some((shape) => shape.test(tag)) ? "argo" : "unknown" };
}

/** `<step>.<output>`, as `from` names what another step gives. */
export function sourceOf(from: string): { readonly step: string; readonly output: string } | undefined {
    const [, step, output] = /^([^.]+)\.([^.]+)$/.exec(from) ?? [];
    return step === undefined || output === undefined ? undefined : { step, output };
}
