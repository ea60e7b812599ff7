import * as k8s from "@pulumi/kubernetes";

import { ElasticPool } from "../contracts";
import { NodeClassRef } from "./node-class";

/** When nodes go. */
export interface NodeLifetime {
    /** How long a node stays without pods, such as `10m`. */
    readonly emptyFor: string;
    /** Age at which a node is replaced, and with it its image: `336h`. */
    readonly expireAfter: string;
    /** How long pods that refuse to be disturbed may go on after that: `24h`. */
    readonly terminationGracePeriod: string;
}

export const DEFAULT_LIFETIME_OF_NODES: NodeLifetime = {
    emptyFor: "10m",
    expireAfter: "336h",
    terminationGracePeriod: "24h",
};

/**
 * Which nodes Karpenter may add for a pool, how many, and when it takes them away. The class is given: the same pool
 * runs on EC2 and on Karpenter's own simulated nodes.
 *
 * Only empty nodes go by themselves: moving a training job to save a part of a node costs more than it saves.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/
 */
export function nodePoolOf(
    pool: ElasticPool,
    nodeClassRef: NodeClassRef,
    { emptyFor, expireAfter, terminationGracePeriod }: NodeLifetime = DEFAULT_LIFETIME_OF_NODES,
): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name: pool.name },
        spec: {
            limits: limitsOf(pool),
            disruption: {
                consolidationPolicy: "WhenEmpty",
                consolidateAfter: emptyFor,
                budgets: [
                    { nodes: "100%", reasons: ["Empty"] },
                    // A new image reaches one node after another.
                    { nodes: "1", reasons: ["Drifted"] },
                ],
            },
            template: {
                metadata: { labels: pool.labels },
                spec: {
                    nodeClassRef,
                    requirements: requirementsOf(pool),
                    // Karpenter refuses an empty value where Kubernetes takes it.
                    taints: pool.taints.map(({ key, value, effect }) => ({
                        key,
                        effect,
                        ...(value !== "" && { value }),
                    })),
                    expireAfter,
                    terminationGracePeriod,
                },
            },
        },
    };
}

/**
 * Two limits, as neither is exact alone: Karpenter looks at the number of nodes before it adds one, not while it adds
 * several at once; and it counts the GPUs of a running node as the node offers them, after sharing.
 */
function limitsOf({ max, gpusPerNode, timeSlices = 1 }: ElasticPool): { [resource: string]: string } {
    return { nodes: `${max}`, "nvidia.com/gpu": `${max * gpusPerNode * timeSlices}` };
}

function requirementsOf(pool: ElasticPool): object[] {
    const oneOf = (key: string, values: string[]) => ({ key, operator: "In", values });
    return [
        oneOf("node.kubernetes.io/instance-type", pool.instanceTypes),
        oneOf("karpenter.sh/capacity-type", [pool.capacity]),
        oneOf("topology.kubernetes.io/zone", pool.zones),
        oneOf("kubernetes.io/arch", [pool.architecture]),
        oneOf("kubernetes.io/os", ["linux"]),
    ];
}
