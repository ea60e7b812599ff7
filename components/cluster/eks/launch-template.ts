import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Capacity, GpuAmi } from "./args";
import { efaInterfaces, Fabric } from "./efa";
import { clusterTag, CNI_CLUSTER_TAG } from "./iam-network";
import { Scope, tagsOf } from "./naming";
import { PoolSpec } from "./spec";
import { userDataOf } from "./user-data";

export interface NodeSurroundings {
    readonly keyArn: pulumi.Input<string>;
    /** The cluster's security group, which EKS adds by itself unless interfaces are listed. */
    readonly securityGroupId: pulumi.Input<string>;
    readonly fabric?: Fabric;
}

/** What every node of a pool is launched with. No AMI: the node group's type and version name it. */
export function launchTemplate(scope: Scope, pool: PoolSpec, node: NodeSurroundings): aws.ec2.LaunchTemplate {
    const tags = tagsOf(scope, pool.name);
    const placement = node.fabric?.placementGroup;
    return new aws.ec2.LaunchTemplate(
        `${scope.name}-${pool.name}`,
        {
            description: `Nodes of the pool ${pool.name}`,
            updateDefaultVersion: true,
            // Version 2 of the metadata service, and no container can reach it: one hop ends at the node.
            metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
            monitoring: { enabled: true },
            blockDeviceMappings: blockDevices(pool, node.keyArn),
            userData: Buffer.from(userDataOf(pool)).toString("base64"),
            tagSpecifications: [
                { resourceType: "instance", tags: { ...tags, [clusterTag(scope.spec.clusterName)]: "owned" } },
                { resourceType: "volume", tags },
                // The CNI may only change interfaces with this tag, and the first one is not of its making.
                { resourceType: "network-interface", tags: { ...tags, [CNI_CLUSTER_TAG]: scope.spec.clusterName } },
            ],
            ...(placement && { placement: { groupName: placement.name } }),
            ...(node.fabric && { networkInterfaces: networkInterfaces(pool, node, node.fabric) }),
            ...marketOf(pool),
            tags,
        },
        { parent: scope.parent },
    );
}

/** Encrypted gp3. Bottlerocket keeps its system on a small volume of its own, whose size the image says. */
function blockDevices(
    { diskGiB, gpu }: PoolSpec,
    kmsKeyId: pulumi.Input<string>,
): aws.types.input.ec2.LaunchTemplateBlockDeviceMapping[] {
    const ebs = { encrypted: "true", kmsKeyId, volumeType: "gp3", deleteOnTermination: "true" };
    const sized = { ...ebs, volumeSize: diskGiB };
    return gpu?.ami === GpuAmi.Bottlerocket
        ? [
              { deviceName: "/dev/xvda", ebs },
              { deviceName: "/dev/xvdb", ebs: sized },
          ]
        : [{ deviceName: "/dev/xvda", ebs: sized }];
}

function networkInterfaces(
    { gpu, instanceTypes }: PoolSpec,
    node: NodeSurroundings,
    fabric: Fabric,
): aws.types.input.ec2.LaunchTemplateNetworkInterface[] {
    return efaInterfaces(gpu?.efaInterfaces ?? 0, instanceTypes[0] ?? "").map((wanted) => ({
        ...wanted,
        deleteOnTermination: "true",
        securityGroups: [node.securityGroupId, fabric.securityGroup.id],
    }));
}

type Market = Pick<
    aws.ec2.LaunchTemplateArgs,
    "instanceType" | "instanceMarketOptions" | "capacityReservationSpecification"
>;

/** A reservation is named in the template; a block wants its type and its market there too. */
function marketOf({ capacity, instanceTypes, reservationId }: PoolSpec): Market {
    if (reservationId === undefined) return {};
    const reservation = {
        capacityReservationSpecification: {
            capacityReservationTarget: { capacityReservationId: reservationId },
        },
    };
    const [instanceType] = instanceTypes;
    if (capacity !== Capacity.CapacityBlock || instanceType === undefined) return reservation;
    return { ...reservation, instanceType, instanceMarketOptions: { marketType: "capacity-block" } };
}
