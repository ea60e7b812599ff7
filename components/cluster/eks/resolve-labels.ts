import type { EksGpuPoolArgs, TaintArgs } from "./args";
import type { InstanceType } from "./instance-types";
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
    { name, labels = {}, efa, sharing }: EksGpuPoolArgs,
    types: readonly InstanceType[],
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
        ...featureLabels(types, sharing?.timeSlices),
        ...(efa ? { "vpc.amazonaws.com/efa.present": "true" } : {}),
    };
}

/**
 * What NVIDIA's GPU feature discovery would say of a node, said beforehand: an autoscaler sees it of a pool that has no
 * node yet. Memory is EC2's figure; the driver's differs by a few hundred MiB. Only what all types have in common.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/tree/main/docs/gpu-feature-discovery
 */
function featureLabels(types: readonly InstanceType[], timeSlices = 1): Readonly<Record<string, string>> {
    const shared = timeSlices > 1 ? "-SHARED" : "";
    const labels = {
        product: common(types, ({ gpu }) => gpu && `${gpu.discovered}${shared}`),
        memory: common(types, ({ gpu }) => gpu?.memoryMiB),
        count: common(types, ({ gpus }) => gpus),
        replicas: timeSlices,
    };
    return Object.fromEntries(
        Object.entries(labels).flatMap(([feature, value]) =>
            value === undefined ? [] : [[`nvidia.com/gpu.${feature}`, `${value}`]],
        ),
    );
}

/** What is the same for all types. */
function common<T>(types: readonly InstanceType[], of: (type: InstanceType) => T): T | undefined {
    const values = new Set(types.map(of));
    return values.size === 1 ? [...values][0] : undefined;
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
