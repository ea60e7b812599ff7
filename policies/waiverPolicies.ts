import { ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { Property } from "./property";
import { kubernetesDocs } from "./references";
import { Context, docsLink, evaluate, Resource, ResourceRule, Rule, rule } from "./rule";
import { RefusedWaiver, Waiver, waiverPlace, Waivers } from "./waivers";

/** How a policy finds the waivers of a resource. */
export type WaiversOf = (resource: Resource) => Waivers;

/** Refuses a waiver that waives nothing; cannot itself be waived. */
export function waiverValid(waiversOf: WaiversOf): ResourceRule {
    return rule<{ at: Property; refused: RefusedWaiver }>({
        id: "waiver-valid",
        title: "Waivers name a rule, a reason and a day that has not passed",
        level: "mandatory",
        severity: "medium",
        why: "A waiver without a reason or an end is a rule that was switched off.",
        fix: "Mend the annotation, or remove it and what it was for.",
        references: [kubernetesDocs("Annotations", "concepts/overview/working-with-objects/annotations/")],
        places: (resource) => waiversOf(resource).refused.map((refused) => ({ at: waiverPlace(resource), refused })),
        judge: ({ at, refused }) => ({ at, found: refused.text, allowed: refused.allowed }),
    });
}

/** Prints every waiver that counts, with what it lets through. */
export function waiverUsed(
    rules: readonly Rule[],
    waiversOf: WaiversOf,
    context: () => Context,
): ResourceValidationPolicy {
    const byId = new Map(rules.map((one) => [one.id, one]));
    return {
        name: "waiver-used",
        description: "Waivers in force are printed, so that nobody forgets them",
        enforcementLevel: "advisory",
        severity: "low",
        validateResource: (args, report) => {
            const resource = resourceOf(args);
            for (const waiver of waiversOf(resource).inForce) {
                const waived = byId.get(waiver.rule);
                if (waived !== undefined) report(account(waiver, waived, resource, context()));
            }
        },
    };
}

/** A resource as the SDK hands it to a policy. */
export function resourceOf({
    type,
    name,
    props,
    opts,
}: Pick<ResourceValidationArgs, "type" | "name" | "props" | "opts">): Resource {
    return { type, name, props: Property.root(props), protect: opts.protect };
}

/** Counts the waivers of the whole stack. */
export function waiverCount(waiversOf: WaiversOf): StackValidationPolicy {
    return {
        name: "waiver-count",
        description: "Open waivers are counted, so that their number can be watched",
        enforcementLevel: "advisory",
        severity: "low",
        validateStack: ({ resources }, report) => {
            const open = resources.flatMap((one) =>
                waiversOf(resourceOf(one)).inForce.map((waiver) => ({ ...waiver, name: one.name })),
            );
            if (open.length > 0) report(summary(open));
        },
    };
}

function account(waiver: Waiver, waived: Rule, resource: Resource, context: Context): string {
    return (
        `The waiver of ${waiver.rule} until ${waiver.expires} (${waiver.reason}) ` +
        `${effect(waived, resource, context)}. See ${docsLink(waiver.rule)}`
    );
}

function effect(waived: Rule, resource: Resource, context: Context): string {
    if (waived.scope === "stack") return "is judged with the whole stack";
    const { findings, unknown } = evaluate(waived, resource, context);
    if (findings.length > 0) return `lets through ${findings.map(({ at }) => at.path).join(", ")}`;
    return unknown === undefined ? "lets nothing through any more: remove it" : "cannot be judged before the update";
}

function summary(open: readonly (Waiver & { readonly name: string })[]): string {
    const perRule = [...new Set(open.map(({ rule: id }) => id))]
        .sort()
        .map((id) => `${id} ${open.filter(({ rule: one }) => one === id).length}`);
    const next = open.reduce((first, one) => (one.expires < first.expires ? one : first));
    const noun = open.length === 1 ? "1 waiver is open" : `${open.length} waivers are open`;
    return `${noun}: ${perRule.join(", ")}. The next to expire is ${next.rule} on ${next.name}, ${next.expires}.`;
}
