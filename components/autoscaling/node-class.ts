import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ElasticCapacity, ElasticPool } from "../contracts";

/** What names the class of a NodePool's nodes: Karpenter's for AWS, or another provider's. */
export interface NodeClassRef {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
}

const GROUP = "karpenter.k8s.aws";
const KIND = "EC2NodeClass";

/** The EC2NodeClass of a pool has the pool's name. */
export function nodeClassRef({ name }: ElasticPool): NodeClassRef {
    return { group: GROUP, kind: KIND, name };
}

/** What is made for the nodes beside their classes. */
export interface NodeSurroundings {
    readonly instanceProfile: pulumi.Input<string>;
    /** Of a pool with EFA that is not reserved: one group, so that its nodes stand close together. */
    readonly placementGroup?: pulumi.Input<string>;
}

/**
 * How EC2 starts a pool's nodes: image, network, disks, metadata service.
 *
 * With EFA the placement group is named here, but no interfaces: Karpenter gives a node every EFA interface of its
 * type as soon as its pods ask for `vpc.amazonaws.com/efa`.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/
 */
export function nodeClassOf(
    pool: ElasticPool,
    capacity: ElasticCapacity,
    { instanceProfile, placementGroup }: NodeSurroundings,
): k8s.apiextensions.CustomResourceArgs {
    const subnets = pool.zones.flatMap((zone) => capacity.subnets[zone] ?? []);
    return {
        apiVersion: `${GROUP}/v1`,
        kind: KIND,
        metadata: { name: pool.name },
        spec: {
            instanceProfile,
            amiSelectorTerms: [{ alias: pool.amiAlias }],
            subnetSelectorTerms: subnets.map((id) => ({ id })),
            securityGroupSelectorTerms: capacity.securityGroupIds.map((id) => ({ id })),
            associatePublicIPAddress: false,
            ...(pool.reservationId === undefined
                ? {}
                : { capacityReservationSelectorTerms: [{ id: pool.reservationId }] }),
            ...(placementGroup === undefined ? {} : { placementGroupSelector: { name: placementGroup } }),
            // Pods must not reach the role of their node: the answer of the metadata service goes one hop.
            metadataOptions: {
                httpEndpoint: "enabled",
                httpProtocolIPv6: "disabled",
                httpPutResponseHopLimit: 1,
                httpTokens: "required",
            },
            blockDeviceMappings: disksOf(pool, capacity.kmsKeyArn),
            // Local NVMe disks, where a type has them, hold images and scratch files.
            instanceStorePolicy: "RAID0",
            // Karpenter's own number would win over the one in the user data.
            ...(pool.maxPods === undefined ? {} : { kubelet: { maxPods: pool.maxPods } }),
            ...(pool.userData === undefined ? {} : { userData: pool.userData }),
            tags: { ...capacity.tags, Name: `${capacity.clusterName}-${pool.name}`, "mlp.dev/pool": pool.name },
        },
    };
}

/** Device names are the images' own: Bottlerocket keeps itself and its data apart. */
function disksOf({ amiAlias, diskGiB }: ElasticPool, kmsKeyID: pulumi.Input<string>): object[] {
    const disk = (deviceName: string, gibibytes: number) => ({
        deviceName,
        ebs: {
            volumeSize: `${gibibytes}Gi`,
            volumeType: "gp3",
            encrypted: true,
            kmsKeyID,
            deleteOnTermination: true,
        },
    });
    const BOTTLEROCKET_ROOT_GIB = 4;
    return amiAlias.startsWith("bottlerocket@")
        ? [disk("/dev/xvda", BOTTLEROCKET_ROOT_GIB), disk("/dev/xvdb", diskGiB)]
        : [disk("/dev/xvda", diskGiB)];
}
