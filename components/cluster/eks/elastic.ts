import * as aws from "@pulumi/aws";

import { ElasticCapacity, ElasticPool } from "../../contracts";
import { GpuAmi, Scaling } from "./args";
import { ControlPlane } from "./control-plane";
import { CNI_CLUSTER_TAG } from "./iam-network";
import { ReadyRole } from "./identity";
import { Scope } from "./naming";
import { Network } from "./network";
import { PoolSpec } from "./spec";
import { userDataOf } from "./user-data";

export const isElastic = ({ scaling }: PoolSpec): boolean => scaling === Scaling.Elastic;

/**
 * Images of elastic pools, dated: with `latest` every node would drift on the day AWS publishes one. Karpenter takes the
 * NVIDIA variant for types with GPUs. Both releases were seen on clusters in public records of August 2026.
 */
const AMI_ALIASES: Readonly<Record<GpuAmi, string>> = {
    [GpuAmi.Al2023]: "al2023@v20260827",
    [GpuAmi.Bottlerocket]: "bottlerocket@v1.63.0",
};

export interface ElasticSurroundings {
    readonly network: Network;
    readonly controlPlane: ControlPlane;
    readonly node: ReadyRole;
    readonly key: aws.kms.Key;
}

/** What an autoscaler needs; nothing where no pool is elastic. */
export function elasticCapacity(scope: Scope, around: ElasticSurroundings): ElasticCapacity | undefined {
    const { spec } = scope;
    const pools = spec.gpuPools.filter(isElastic).flatMap(elasticPool);
    if (pools.length === 0) return undefined;
    const { network, controlPlane, node, key } = around;
    return {
        clusterName: spec.clusterName,
        region: spec.region,
        endpoint: controlPlane.endpoint,
        nodeRoleName: node.role.name,
        nodeRoleArn: node.role.arn,
        subnets: { ...network.nodeSubnets },
        securityGroupIds: [controlPlane.securityGroupId],
        kmsKeyArn: key.arn,
        pools,
        // Karpenter tags first interfaces with these, and the CNI may only change interfaces of its cluster.
        tags: { ...spec.tags, [CNI_CLUSTER_TAG]: spec.clusterName },
    };
}

function elasticPool(pool: PoolSpec): ElasticPool[] {
    const { gpu } = pool;
    if (gpu === undefined) return [];
    return [
        {
            name: pool.name,
            instanceTypes: [...pool.instanceTypes],
            capacity: pool.capacity,
            ...(pool.reservationId !== undefined && { reservationId: pool.reservationId }),
            zones: [...pool.zones],
            max: pool.max,
            gpusPerNode: gpu.count,
            ...(gpu.timeSlices !== undefined && { timeSlices: gpu.timeSlices }),
            architecture: pool.architecture,
            amiAlias: AMI_ALIASES[gpu.ami],
            diskGiB: pool.diskGiB,
            maxPods: pool.maxPods,
            efa: gpu.efaInterfaces > 0,
            userData: userDataOf(pool),
            labels: { ...pool.labels },
            taints: pool.taints.map(({ key, value, effect }) => ({ key, value, effect })),
        },
    ];
}
