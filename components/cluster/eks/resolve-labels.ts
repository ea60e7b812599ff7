import type { EksGpuPoolArgs, TaintArgs } from "./args";
import type { Checks } from "./resolve-checks";
import type { TaintSpec } from "./spec";

const EFFECTS: readonly TaintSpec["effect"][] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
/** Kubernetes, Karpenter, EKS, NVIDIA's discovery and this platform write these themselves. */
const TAKEN = /(^|\.)(kubernetes\.io|k8s\.io|karpenter\.sh|k8s\.aws|amazonaws\.com|nvidia\.com|mlp\.dev)\//;

const GPU_TAINT: TaintSpec = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" };

/** Labels of the pool's nodes: the platform's own and those that were asked for. */
export function resolveLabels(
    { name, labels = {} }: EksGpuPoolArgs,
    efa: boolean,
    checks: Checks,
): Readonly<Record<string, string>> {
    for (const [key, value] of Object.entries(labels)) {
        const part = `labels.${key}`;
        if (!KEY.test(key)) checks.wrong(part, key, "a label's name, such as example.org/use", "Correct the name.");
        if (TAKEN.test(key)) checks.wrong(part, key, "a prefix of your own", "The owner of the prefix sets it.");
        checks.matches(part, value, VALUE, "a label's value: up to 63 letters, digits, dashes, dots, underscores");
    }
    return {
        ...labels,
        "mlp.dev/pool": name,
        "nvidia.com/gpu.present": "true",
        ...(efa ? { "vpc.amazonaws.com/efa.present": "true" } : {}),
    };
}

/** Taints of the pool's nodes: what needs no GPU stays away, and what else was asked for. */
export function resolveTaints(taints: readonly TaintArgs[], checks: Checks): readonly TaintSpec[] {
    const own = taints.flatMap((taint, index): TaintSpec[] => {
        const here = checks.at(`taints[${index}]`);
        here.matches("key", taint.key, KEY, "a taint's key, such as example.org/team");
        here.matches("value", taint.value ?? "", VALUE, "up to 63 letters, digits, dashes, dots, underscores");
        if (taint.key === GPU_TAINT.key) {
            here.wrong("key", taint.key, "any key but nvidia.com/gpu", "Every GPU pool has that taint: take it out.");
        }
        const effect = EFFECTS.find((known) => known === taint.effect);
        if (effect === undefined) here.wrong("effect", taint.effect, EFFECTS.join(", "), "Name one of them.");
        return effect === undefined ? [] : [{ key: taint.key, value: taint.value ?? "", effect }];
    });
    checks.unique(
        taints.map(({ key, effect }) => `${key}:${effect}`),
        (index) => `taints[${index}]`,
    );
    return [GPU_TAINT, ...own];
}
