import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Capacity } from "./args";
import { Scope, tagsOf } from "./naming";
import { PoolSpec } from "./spec";

/** Types whose first network card carries Ethernet alone. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html */
const ETHERNET_FIRST = ["p6-b300.48xlarge"];

export interface EfaInterface {
    readonly networkCardIndex: number;
    readonly deviceIndex: number;
    /** `efa` is Ethernet and fabric in one; `efa-only` takes no IP address. */
    readonly interfaceType: "interface" | "efa" | "efa-only";
}

/**
 * Interfaces of a node with `count` adapters. One adapter is the node's only interface; of several, each has a network
 * card of its own, and the node's address is on a plain interface of the first.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
 */
export function efaInterfaces(count: number, instanceType: string): readonly EfaInterface[] {
    if (count === 1) return [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "efa" }];
    const first = ETHERNET_FIRST.includes(instanceType) ? 1 : 0;
    const cards = Array.from({ length: count }, (_, index) => first + index);
    return [
        { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" },
        ...cards.map((card): EfaInterface => ({
            networkCardIndex: card,
            deviceIndex: card === 0 ? 1 : 0,
            interfaceType: "efa-only",
        })),
    ];
}

/** What the nodes of one pool with EFA share. */
export interface Fabric {
    readonly securityGroup: aws.ec2.SecurityGroup;
    /** None for what is reserved: the reservation says where its instances stand, and a group of ours would contradict. */
    readonly placementGroup?: aws.ec2.PlacementGroup;
}

/** Fabric traffic bypasses the kernel and has to be allowed by group in both directions: a range of addresses is not enough. */
export function fabricOf(scope: Scope, pool: PoolSpec, vpcId: pulumi.Input<string>): Fabric {
    const { spec, parent } = scope;
    const name = `${scope.name}-${pool.name}-efa`;
    const tags = tagsOf(scope, `${pool.name}-efa`);
    const securityGroup = new aws.ec2.SecurityGroup(
        name,
        { vpcId, description: `EFA of the pool ${pool.name} of the EKS cluster ${spec.clusterName}`, tags },
        { parent },
    );
    const within = {
        securityGroupId: securityGroup.id,
        referencedSecurityGroupId: securityGroup.id,
        ipProtocol: "-1",
        description: "EFA between the nodes of the pool",
        tags,
    };
    new aws.vpc.SecurityGroupIngressRule(name, within, { parent });
    new aws.vpc.SecurityGroupEgressRule(name, within, { parent });
    if (pool.capacity === Capacity.Reserved || pool.capacity === Capacity.CapacityBlock) return { securityGroup };
    return {
        securityGroup,
        placementGroup: new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags }, { parent }),
    };
}
