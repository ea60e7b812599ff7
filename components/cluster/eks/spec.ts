import * as pulumi from "@pulumi/pulumi";

import { Capacity, GpuAmi, NatGateways, Scaling } from "./args";

/** A subnet that is to be made. */
export interface SubnetSpec {
    readonly zone: string;
    readonly cidr: string;
}

export interface NewNetworkSpec {
    readonly kind: "new";
    readonly cidr: string;
    readonly podCidr: string;
    /** Addresses of Services: the one of EKS's two ranges that the VPC leaves free. */
    readonly serviceCidr: string;
    readonly zones: readonly string[];
    /** Load balancers and NAT gateways; none where nothing is public. */
    readonly publicSubnets: readonly SubnetSpec[];
    /** Nodes, internal load balancers, endpoints. */
    readonly nodeSubnets: readonly SubnetSpec[];
    /** The control plane's interfaces: small, and nobody else's, so that they cannot run out. */
    readonly controlPlaneSubnets: readonly SubnetSpec[];
    /** Pods, in the second range. */
    readonly podSubnets: readonly SubnetSpec[];
    readonly natGateways: NatGateways;
    /** Interface endpoints by service, such as `ecr.api`. S3's gateway endpoint is always made. */
    readonly interfaceEndpoints: readonly string[];
    readonly flowLogDays: number;
}

export interface ExistingNetworkSpec {
    readonly kind: "existing";
    readonly vpcId: pulumi.Input<string>;
    readonly zones: readonly string[];
    readonly nodeSubnets: Readonly<Record<string, pulumi.Input<string>>>;
    readonly podSubnets: Readonly<Record<string, pulumi.Input<string>>>;
}

export type NetworkSpec = NewNetworkSpec | ExistingNetworkSpec;

export interface TaintSpec {
    readonly key: string;
    readonly value: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** `AL2023_x86_64_NVIDIA` and so on: what aws.eks.NodeGroup calls it. */
export type AmiType = string;

export interface PoolSpec {
    readonly name: string;
    readonly instanceTypes: readonly string[];
    readonly capacity: Capacity;
    readonly scaling: Scaling;
    readonly zones: readonly string[];
    readonly min: number;
    readonly max: number;
    readonly reservationId?: string;
    readonly diskGiB: number;
    readonly amiType: AmiType;
    /** What AWS recommends at most when vpc-cni delegates prefixes; the subnets are reckoned for it. */
    readonly maxPods: number;
    readonly architecture: "amd64" | "arm64";
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly TaintSpec[];
    /** Nothing for the system pool. */
    readonly gpu?: PoolGpuSpec;
}

export interface PoolGpuSpec {
    readonly ami: GpuAmi;
    /** Physical GPUs of a node. */
    readonly count: number;
    /** Product, such as `H100`. */
    readonly product: string;
    readonly memoryGiB: number;
    /** What a node offers under `resource`, after sharing. */
    readonly allocatable: number;
    /** Extended resource that pods request: `nvidia.com/gpu`, or a MIG profile's. */
    readonly resource: string;
    /** EFA interfaces of a node; 0 without EFA. */
    readonly efaInterfaces: number;
    readonly timeSlices?: number;
    readonly migProfile?: string;
}

/** An EKS add-on at a version that fits the cluster's. */
export interface AddonSpec {
    readonly name: string;
    readonly version: string;
    /** JSON of its configuration schema. */
    readonly configuration?: object;
    /** Before any node joins. */
    readonly beforeNodes: boolean;
}

/** The cluster with every default filled in and every cross-check passed. Frozen. */
export interface EksSpec {
    readonly clusterName: string;
    readonly version: string;
    readonly region: string;
    readonly network: NetworkSpec;
    readonly endpoint: { readonly private: true; readonly allowedCidrs: readonly string[] };
    readonly admins: readonly string[];
    readonly systemPool: PoolSpec;
    readonly gpuPools: readonly PoolSpec[];
    readonly addons: readonly AddonSpec[];
    readonly storage: {
        readonly efs: boolean;
        readonly lustre?: { readonly zone: string; readonly capacityGiB: number; readonly throughput: number };
    };
    readonly protect: boolean;
    readonly logDays: number;
    readonly tags: Readonly<Record<string, string>>;
}

/** What a pool, or something that every cluster has, costs in USD for 730 hours. */
export interface PoolCost {
    /** Name of the pool; or `control plane`, `NAT gateways`, `interface endpoints`. */
    readonly pool: string;
    /** With `min` nodes, the cheapest of the pool's types. */
    readonly least: number;
    /** With `max` nodes, the dearest. */
    readonly most: number;
    /** What the figures are worth, and what is not in them. */
    readonly basis: string;
}
