import { GpuStack } from "../components/accelerators/gpu-stack";
import { EksGpuClusterArgs } from "../components/cluster/eks/args";
import { EksSpec } from "../components/cluster/eks/spec";
import { Lifetime } from "../components/certificates";
import { Cluster, GpuPool } from "../components/contracts";
import { RuntimeImage } from "../components/training";
import { ClusterConfig, PlatformConfig } from "./config";

export type Environment = PlatformConfig["environment"];
export type Layer = PlatformConfig["layer"];

/** A cluster that a stack of ours makes on AWS. */
export interface EksClusterSpec {
    readonly kind: "eks";
    /** AWS account that it belongs to. */
    readonly account: string;
    /** What the component is given. */
    readonly args: EksGpuClusterArgs;
    /** What the component makes of it. */
    readonly eks: EksSpec;
    /** As other components see it. */
    readonly contract: Cluster;
    readonly gpuPools: readonly GpuPool[];
}

export type ClusterSpec = Exclude<ClusterConfig, { kind: "eks" }> | EksClusterSpec;

/** The platform with every default filled in and every cross-check passed. Frozen. */
export interface PlatformSpec {
    readonly environment: Environment;
    readonly layer: Layer;
    /** In layer `platform`: that of the cluster's own stack. */
    readonly cluster: ClusterSpec;
    /** Every image reference by catalogue name, after the lock and the stack file's replacements. */
    readonly images: Readonly<Record<string, string>>;
    /** Refuse to delete what cannot be made again. */
    readonly protect: boolean;
    /** GPUs are simulated by a device plugin of ours. */
    readonly simulatedGpus: boolean;
    /** Installs what makes real GPUs schedulable and measured. */
    readonly nvidiaGpus: boolean;
    readonly gpuStack?: GpuStack;
    /** Of every AWS resource; empty where there is none. */
    readonly tags: Readonly<Record<string, string>>;
    readonly budget?: PlatformConfig["budget"];
    readonly dns?: PlatformConfig["dns"];
    readonly registry?: PlatformConfig["registry"];
    readonly training: {
        readonly replicas: number;
        readonly runtimes: RuntimeImage[];
        readonly certificates: Lifetime;
    };
}

/** Where a stack file keeps it, and how problems name it. */
export const ROOT = "mlp:platform";

/** Name of the stack that holds the cluster of an environment whose layers are apart. */
export function clusterStackOf(environment: string): string {
    return `${environment}-cluster`;
}
