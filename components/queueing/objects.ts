import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GpuPool } from "../contracts";
import { CPU_FLAVOR } from "./resolve";

type CustomResource = k8s.apiextensions.CustomResourceArgs;

export const KUEUE_API = "kueue.x-k8s.io/v1beta2";
/** Whose members borrow from one another. */
export const COHORT = "mlp";
/** LocalQueue of a team's namespace. Kueue puts what names no queue into that of this name, so that nothing passes it by. */
export const LOCAL_QUEUE = "default";

/** Nodes of one kind. Whoever gets its quota gets its nodes: their labels and the taint of GPU nodes. */
export function flavorOf({ name, resource, nodeLabels }: GpuPool): CustomResource {
    return {
        apiVersion: KUEUE_API,
        kind: "ResourceFlavor",
        metadata: { name },
        spec: {
            ...(Object.keys(nodeLabels).length > 0 && { nodeLabels }),
            tolerations: [{ key: resource, operator: "Exists", effect: "NoSchedule" }],
        },
    };
}

/** Cores, memory and pods, on whatever nodes: it tolerates nothing, so that what needs no GPU stays off their nodes. */
export function cpuFlavor(): CustomResource {
    return { apiVersion: KUEUE_API, kind: "ResourceFlavor", metadata: { name: CPU_FLAVOR }, spec: {} };
}

/** Who goes first within a team. What names none is `normal`. */
export const PRIORITIES: Readonly<Record<string, { readonly value: number; readonly description: string }>> = {
    low: { value: -100, description: "Gives way to everything else of its team." },
    normal: { value: 0, description: "As jobs that name no class." },
    high: { value: 100, description: "Goes first, and takes the place of what its team runs with less." },
};

export function priorityClassOf(name: string, { value, description }: { value: number; description: string }) {
    return { apiVersion: KUEUE_API, kind: "WorkloadPriorityClass", metadata: { name }, value, description };
}

export function clusterQueueOf(
    name: string,
    resourceGroups: object,
    namespaceSelector: k8s.types.input.meta.v1.LabelSelector,
): CustomResource {
    return {
        apiVersion: KUEUE_API,
        kind: "ClusterQueue",
        metadata: { name },
        spec: {
            cohortName: COHORT,
            namespaceSelector,
            resourceGroups,
            // A large job at the front does not keep small ones behind it from idle GPUs.
            queueingStrategy: "BestEffortFIFO",
            preemption: {
                reclaimWithinCohort: "Any",
                withinClusterQueue: "LowerPriority",
                borrowWithinCohort: { policy: "Never" },
            },
            flavorFungibility: { whenCanBorrow: "TryNextFlavor", whenCanPreempt: "TryNextFlavor" },
        },
    };
}

export function localQueueOf(namespace: pulumi.Input<string>, clusterQueue: pulumi.Input<string>): CustomResource {
    return {
        apiVersion: KUEUE_API,
        kind: "LocalQueue",
        metadata: { name: LOCAL_QUEUE, namespace },
        spec: { clusterQueue },
    };
}
