import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Capacity } from "./args";
import { ControlPlane } from "./control-plane";
import { fabricOf } from "./efa";
import { ReadyRole } from "./identity";
import { launchTemplate } from "./launch-template";
import { Scope, tagsOf } from "./naming";
import { Network } from "./network";
import { PoolSpec, TaintSpec } from "./spec";

export interface NodeGroupSurroundings {
    readonly network: Network;
    readonly controlPlane: ControlPlane;
    readonly node: ReadyRole;
    readonly keyArn: pulumi.Input<string>;
    /** Add-ons without which a node does not become ready. */
    readonly addons: readonly pulumi.Resource[];
}

/** A managed node group for one pool: the system pool, or GPUs whose number Karpenter does not decide. */
export function nodeGroup(scope: Scope, pool: PoolSpec, around: NodeGroupSurroundings): aws.eks.NodeGroup {
    const { spec, parent } = scope;
    const { network, controlPlane, node, keyArn } = around;
    const hasFabric = (pool.gpu?.efaInterfaces ?? 0) > 0;
    const template = launchTemplate(scope, pool, {
        keyArn,
        securityGroupId: controlPlane.securityGroupId,
        ...(hasFabric && { fabric: fabricOf(scope, pool, network.vpcId) }),
    });
    return new aws.eks.NodeGroup(
        `${scope.name}-${pool.name}`,
        {
            clusterName: controlPlane.name,
            nodeRoleArn: node.role.arn,
            subnetIds: pool.zones.flatMap((zone) => network.nodeSubnets[zone] ?? []),
            version: spec.version,
            amiType: pool.amiType,
            capacityType: CAPACITY_TYPES[pool.capacity],
            // A block's type stands in the template, and may stand in one place only.
            ...(pool.capacity !== Capacity.CapacityBlock && { instanceTypes: [...pool.instanceTypes] }),
            scalingConfig: { minSize: pool.min, desiredSize: pool.min, maxSize: pool.max },
            updateConfig: { maxUnavailablePercentage: 33, updateStrategy: UPDATE_STRATEGIES[pool.capacity] },
            nodeRepairConfig: { enabled: true },
            launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
            labels: { ...pool.labels },
            taints: pool.taints.map(({ key, value, effect }) => ({ key, value, effect: TAINT_EFFECTS[effect] })),
            tags: tagsOf(scope, pool.name),
        },
        {
            parent,
            // Whoever scales GPUs later is right. Nobody scales the system pool, and EKS refuses a min above what is desired.
            ignoreChanges: pool.gpu === undefined ? [] : ["scalingConfig.desiredSize"],
            dependsOn: [...node.rights, ...around.addons, ...network.waysOut],
        },
    );
}

const CAPACITY_TYPES: Readonly<Record<Capacity, string>> = {
    [Capacity.OnDemand]: "ON_DEMAND",
    [Capacity.Spot]: "SPOT",
    [Capacity.Reserved]: "ON_DEMAND",
    [Capacity.CapacityBlock]: "CAPACITY_BLOCK",
};

/** New nodes come before old ones go, except where what is reserved has no room for both. */
const UPDATE_STRATEGIES: Readonly<Record<Capacity, string>> = {
    [Capacity.OnDemand]: "DEFAULT",
    [Capacity.Spot]: "DEFAULT",
    [Capacity.Reserved]: "MINIMAL",
    [Capacity.CapacityBlock]: "MINIMAL",
};

const TAINT_EFFECTS: Readonly<Record<TaintSpec["effect"], string>> = {
    NoSchedule: "NO_SCHEDULE",
    PreferNoSchedule: "PREFER_NO_SCHEDULE",
    NoExecute: "NO_EXECUTE",
};
