import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration, Problem } from "./problems";

/** GPU nodes of one kind, as other components need to know them. */
export interface GpuPool {
    /** Unique within the cluster. */
    name: string;
    /** Extended resource that a pod requests. Default: `nvidia.com/gpu`. */
    resource: string;
    /** Whole GPUs that one node offers. */
    gpusPerNode: number;
    /** Nodes that the pool holds at its largest. */
    maxNodes: number;
    /** Labels that only nodes of this pool carry; empty where every node belongs to it. */
    nodeLabels: { [label: string]: string };
    /** NVIDIA's device plugin is part of the nodes' operating system. Default: false. */
    builtInDevicePlugin?: boolean;
    /** Pods that take turns on each GPU. Default: 1. */
    timeSlices?: number;
    /** Multi-Instance GPU profile of every GPU. Default: none. */
    migProfile?: string;
    /** Nodes carry Elastic Fabric Adapters, offered as `vpc.amazonaws.com/efa`. Default: 0. */
    efaInterfaces?: number;
}

/** How pods get rights in the cloud without a key. */
export const WorkloadIdentity = {
    None: "none",
    /** EKS Pod Identity: a role for each service account. */
    PodIdentity: "pod-identity",
} as const;
export type WorkloadIdentity = (typeof WorkloadIdentity)[keyof typeof WorkloadIdentity];

/** StorageClasses by what they are for. */
export interface StorageClasses {
    /** One node at a time. Default: the cluster's default class. */
    block?: string;
    /** Shared by the nodes of all zones. */
    shared?: string;
    /** Shared, parallel and fast, in one zone. */
    parallel?: string;
}

/** A running cluster, whoever made it. */
export interface Cluster {
    /** Stable over kubeconfig changes: the provider's `clusterIdentifier`. */
    name: string;
    /** Minor version, such as `1.36`; `unknown` where the API server does not tell. */
    kubernetesVersion: string;
    gpuPools: GpuPool[];
    /** StorageClass for volumes that name none. Default: the cluster's own default class. */
    storageClass?: string;
    /** Default: none but the cluster's default class. */
    storageClasses?: StorageClasses;
    /** Default: `none`. */
    workloadIdentity?: WorkloadIdentity;
}

/** A taint of the nodes of a pool. */
export interface NodeTaint {
    key: string;
    value: string;
    /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
    effect: string;
}

/** Nodes of one kind that an autoscaler may add. */
export interface ElasticPool {
    name: string;
    /** EC2 types, all with the same number of GPUs. */
    instanceTypes: string[];
    /** `on-demand`, `spot` or `reserved`. */
    capacity: string;
    /** Capacity reservation of a `reserved` pool. */
    reservationId?: string;
    zones: string[];
    /** Nodes at most. */
    max: number;
    /** Whole GPUs of a node. */
    gpusPerNode: number;
    /** Pods that take turns on each GPU. Default: 1. */
    timeSlices?: number;
    /** `amd64` or `arm64`. */
    architecture: string;
    /** Karpenter's AMI alias, such as `al2023@v20261101`. */
    amiAlias: string;
    /** Root volume. */
    diskGiB: number;
    /** Pods of a node at most. Default: what Karpenter reckons, which knows nothing of delegated prefixes. */
    maxPods?: number;
    /** A cluster placement group and EFA on every interface. */
    efa: boolean;
    /** Bottlerocket's settings or nodeadm's configuration, as user data. Default: none. */
    userData?: string;
    labels: { [label: string]: string };
    taints: NodeTaint[];
}

/** What an autoscaler needs to know of an EKS cluster to add nodes to it. */
export interface ElasticCapacity {
    clusterName: string;
    region: string;
    /** URL of the API server. */
    endpoint: pulumi.Input<string>;
    /** Role of the nodes; it has its access entry. */
    nodeRoleName: pulumi.Input<string>;
    nodeRoleArn: pulumi.Input<string>;
    /** Subnets of the nodes by zone. */
    subnets: { [zone: string]: pulumi.Input<string> };
    securityGroupIds: pulumi.Input<string>[];
    /** Encrypts the nodes' volumes. */
    kmsKeyArn: pulumi.Input<string>;
    pools: ElasticPool[];
    tags: { [key: string]: string };
}

/** Where images come from: the catalogue's references by name, after mirroring and pinning. */
export interface ImageSource {
    references: { [name: string]: string };
}

/**
 * The reference of one image.
 *
 * @throws InvalidConfiguration when the source does not hold it, naming `path`.
 */
export function imageOf(images: ImageSource, name: string, path: string): string {
    const reference = images.references[name];
    if (reference === undefined) throw new InvalidConfiguration([unknownImage(images, name, path)]);
    return reference;
}

/** What is wrong with a name that is none of the image source. */
export function unknownImage({ references }: ImageSource, name: string, path: string): Problem {
    return {
        path,
        found: name,
        allowed: `one of ${Object.keys(references).sort().join(", ") || "no images yet"}`,
        fix: "Name an image of images/catalogue.ts or add it there.",
    };
}
