import * as pulumi from "@pulumi/pulumi";

/** How EC2 capacity is bought. @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks.html */
export const Capacity = {
    OnDemand: "on-demand",
    /** Cheapest; may be taken back within two minutes. */
    Spot: "spot",
    /** An on-demand capacity reservation that is paid whether used or not. */
    Reserved: "reserved",
    /** Prepaid for a number of days, in one zone. P and Trainium types only. */
    CapacityBlock: "capacity-block",
} as const;
export type Capacity = (typeof Capacity)[keyof typeof Capacity];

/** Who adds and removes a pool's nodes. */
export const Scaling = {
    /** A managed node group keeps between `min` and `max` nodes. */
    Fixed: "fixed",
    /** Karpenter adds nodes for pending pods and takes empty ones away. */
    Elastic: "elastic",
} as const;
export type Scaling = (typeof Scaling)[keyof typeof Scaling];

/** Operating system of a GPU node. */
export const GpuAmi = {
    /** Amazon Linux 2023 with NVIDIA's driver and container toolkit; the device plugin is ours to install. */
    Al2023: "al2023-nvidia",
    /** Bottlerocket with driver, toolkit and device plugin. */
    Bottlerocket: "bottlerocket-nvidia",
} as const;
export type GpuAmi = (typeof GpuAmi)[keyof typeof GpuAmi];

/** How many NAT gateways carry the nodes' traffic to the internet. */
export const NatGateways = {
    /** One for all zones: cheaper, and a single point of failure. */
    Single: "single",
    PerZone: "per-zone",
    /** None: AWS is reached through VPC endpoints only, images from ECR alone. */
    None: "none",
} as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];

/** A VPC that the component makes. */
export interface NewNetworkArgs {
    /** Two or three availability zones, such as `eu-west-1a`. */
    zones: string[];
    /** IPv4 range of the VPC: nodes, load balancers, endpoints. /16 to /24. Default: `10.0.0.0/16`. */
    cidr?: string;
    /** Second range, for pods alone. /16 to /20, in 100.64.0.0/10. Default: `100.64.0.0/16`. */
    podCidr?: string;
    /** Default: `per-zone`. */
    natGateways?: NatGateways;
    /** Days that VPC flow logs are kept. Default: 90. */
    flowLogDays?: number;
}

/** A VPC that exists. Its subnets need a way to AWS's APIs and the tags that load balancers look for. */
export interface ExistingNetworkArgs {
    vpcId: pulumi.Input<string>;
    /** One subnet in each of two or three zones, by zone: where nodes and the control plane's interfaces go. */
    nodeSubnets: { [zone: string]: pulumi.Input<string> };
    /** By zone; where pods go. Default: the nodes' subnets. */
    podSubnets?: { [zone: string]: pulumi.Input<string> };
}

/** Who reaches the Kubernetes API server from outside the VPC. */
export interface EndpointArgs {
    /** CIDR blocks that may connect over the internet; never `0.0.0.0/0`. Empty: nobody. Default: nobody. */
    allowedCidrs?: string[];
}

export interface TaintArgs {
    key: string;
    value?: string;
    /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
    effect: string;
}

/** NVIDIA GPUs shared by several pods. At most one of the two. */
export interface GpuSharingArgs {
    /** Time-slicing: pods that take turns on each GPU, with no memory limit between them. 2 to 48. */
    timeSlices?: number;
    /**
     * Multi-Instance GPU profile, such as `1g.10gb`: partitions with memory of their own. Needs A100, H100, H200, B200,
     * B300 or RTX PRO 6000, and `bottlerocket-nvidia`, which cuts them.
     */
    migProfile?: string;
}

/** GPU nodes of one kind. */
export interface EksGpuPoolArgs {
    /** Unique within the cluster: lower-case letters, digits and dashes, up to 40. */
    name: string;
    /** EC2 types with the same number of GPUs; several only for `on-demand` and `spot`. */
    instanceTypes: string[];
    /** Default: `on-demand`. */
    capacity?: Capacity;
    /** Default: `elastic` for on-demand and spot, `fixed` for what is reserved. */
    scaling?: Scaling;
    /** Zones of the network. Default: all; exactly one where capacity is reserved, and with EFA. */
    zones?: string[];
    /**
     * Nodes that always run. Default: 0. Elastic pools: always 0. How many a fixed pool has beyond that, and so before
     * `min` is raised, is set by `aws eks update-nodegroup-config`: a later `up` leaves it.
     */
    min?: number;
    /** Nodes at most. */
    max: number;
    /** Capacity reservation: `cr-…`. For `reserved` and `capacity-block`, and only for them. */
    reservationId?: string;
    /** Size of the encrypted gp3 root volume in GiB. Default: 200. */
    diskGiB?: number;
    /** Default: `al2023-nvidia`. */
    ami?: GpuAmi;
    /** Elastic Fabric Adapter: one cluster placement group, every interface that the type has. Default: false. */
    efa?: boolean;
    sharing?: GpuSharingArgs;
    /** In addition to the platform's own. */
    labels?: { [label: string]: string };
    /** In addition to `nvidia.com/gpu=true:NoSchedule`. */
    taints?: TaintArgs[];
}

/** Nodes for controllers and everything without a GPU: a managed node group that never scales to zero. */
export interface SystemPoolArgs {
    /** Default: `["m7i.large"]`. */
    instanceTypes?: string[];
    /** Default: 2. */
    min?: number;
    /** Default: 4. */
    max?: number;
    /** Size of the encrypted gp3 root volume in GiB. Default: 60. */
    diskGiB?: number;
}

/** Shared file systems beside gp3 volumes. */
export interface SharedStorageArgs {
    /** EFS: files that pods of all zones share, such as notebooks' homes. Default: false. */
    efs?: boolean;
    /** FSx for Lustre in one zone, for multi-node training. Default: none. */
    lustre?: LustreArgs;
}

export interface LustreArgs {
    zone: string;
    /** 1200, or a multiple of 2400. */
    capacityGiB: number;
    /** MB/s for each TiB: 125, 250, 500 or 1000. Default: 250. */
    throughput?: number;
}

export interface EksGpuClusterArgs {
    /** Name in AWS; it cannot change. */
    clusterName: string;
    /** Kubernetes minor version, such as `1.36`. One minor at a time. */
    version: string;
    /** AWS region, such as `eu-west-1`. */
    region: string;
    /** A VPC to make. Either this or `existingNetwork`. */
    network?: NewNetworkArgs;
    /** A VPC that exists. Either this or `network`. */
    existingNetwork?: ExistingNetworkArgs;
    /** Default: reachable from within the VPC alone. */
    endpoint?: EndpointArgs;
    /**
     * ARNs of the IAM roles that administer the cluster: at least one. Not the role that creates it: EKS makes that one an
     * administrator by itself and refuses a second entry for it.
     */
    admins: string[];
    /** Nodes for controllers. Default: two to four m7i.large. */
    systemPool?: SystemPoolArgs;
    /** Default: none. */
    gpuPools?: EksGpuPoolArgs[];
    /** Shared file systems. Default: none. */
    storage?: SharedStorageArgs;
    /** Refuse to delete the cluster, its keys and its file systems. Default: false. */
    protect?: boolean;
    /**
     * Versions of EKS add-ons by name, such as `vpc-cni`, in place of the pinned ones. What AWS offers:
     * `aws eks describe-addon-versions --kubernetes-version 1.36`.
     */
    addonVersions?: { [addon: string]: string };
    /** Days that control-plane logs are kept. Default: 90. */
    logDays?: number;
    /** Tags of every AWS resource. */
    tags: { [key: string]: string };
    /** Day that "in standard support" is judged on: `2026-11-24`. Default: the day of the run. */
    today?: string;
}
