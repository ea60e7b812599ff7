import { GpuStack } from "../components/accelerators/gpu-stack";
import { EksGpuClusterArgs } from "../components/cluster/eks/args";
import { EksSpec } from "../components/cluster/eks/spec";
import { Lifetime } from "../components/certificates";
import { Cluster, GpuPool, ObjectStoreKind } from "../components/contracts";
import type { GatewayExposure } from "../components/gateway/resolve";
import type { QueueingPlan } from "../components/queueing/resolve";
import { RuntimeImage } from "../components/training";
import { ClusterConfig, PlatformConfig } from "./config";
import type { DatabaseKind } from "./config-services";
import type { NotebooksSpec } from "./resolve-notebooks";

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

/** Object store and database. */
export interface DataSpec {
    readonly objectStore: {
        readonly kind: ObjectStoreKind;
        readonly volumeSize: string;
        readonly bucketPrefix: string;
    };
    readonly database: {
        readonly kind: DatabaseKind;
        readonly volumeSize: string;
        readonly instanceClass: string;
        readonly multiAz: boolean;
    };
    readonly backup: { readonly schedule: string; readonly keepDays: number };
    /** Volumes and buckets outlive the platform. */
    readonly retain: boolean;
    /** The volumes in the cluster are there, from a platform before this one. */
    readonly adopt: boolean;
}

export interface PipelinesSpec {
    readonly replicas: number;
    readonly restrictTemplates: boolean;
    readonly archiveDays: number;
    readonly oidc?: PlatformConfig["pipelines"]["oidc"];
}

export interface ModelRegistrySpec {
    readonly replicas: number;
    readonly hosts: readonly string[];
}

export interface QueueingSpec extends QueueingPlan {
    readonly replicas: number;
    /** Default: Kueue's. */
    readonly podsReadyMinutes?: number;
}

interface SharedIdentitySpec {
    readonly hubClientId?: string;
    readonly usernameClaim?: string;
    readonly groupsClaim?: string;
    readonly scopes?: readonly string[];
    readonly prefix: string;
    readonly adminGroup: string;
}

/** The stand-in of ours. */
export interface LocalIdentitySpec extends SharedIdentitySpec {
    readonly kind: "local";
    readonly accounts: readonly { readonly name: string; readonly groups: readonly string[] }[];
}

/** A company's own provider. */
export interface OidcIdentitySpec extends SharedIdentitySpec {
    readonly kind: "oidc";
    readonly issuer: string;
    readonly endpoints: NonNullable<PlatformConfig["identity"]["endpoints"]>;
    readonly clientId: string;
}

export type IdentitySpec = LocalIdentitySpec | OidcIdentitySpec;

/** The way in from outside, and who is let in. */
export interface EntranceSpec {
    readonly domain: string;
    /** Default: what the cluster's API server has and one. */
    readonly port?: number;
    readonly exposure: GatewayExposure;
    readonly replicas: number;
    readonly certificateSecret?: string;
    readonly certificateArn?: string;
    readonly internal: boolean;
    readonly sourceRanges: readonly string[];
    readonly identity: IdentitySpec;
}

export type TeamSpec = PlatformConfig["teams"][number];

/** What stands beside the training layer; absent where it is switched off. */
export interface ServicesSpec {
    readonly data?: DataSpec;
    readonly pipelines?: PipelinesSpec;
    readonly modelRegistry?: ModelRegistrySpec;
    readonly queueing?: QueueingSpec;
    readonly entrance?: EntranceSpec;
    readonly notebooks?: NotebooksSpec;
    readonly teams: readonly TeamSpec[];
    /** Former teams that may go with all that they hold. */
    readonly removedTeams?: readonly string[];
}

/** The platform with every default filled in and every cross-check passed. Frozen. */
export interface PlatformSpec extends ServicesSpec {
    readonly environment: Environment;
    readonly layer: Layer;
    /** In layer `platform`: that of the cluster's own stack. */
    readonly cluster: ClusterSpec;
    /** Every image reference by catalogue name, after the lock and the stack file's replacements. */
    readonly images: Readonly<Record<string, string>>;
    /** Catalogue names of those that the platform itself runs. */
    readonly usedImages: readonly string[];
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

/** Namespace of stores in the cluster, and of what makes databases. */
export const DATA_NAMESPACE = "mlp-data";

/** Where a stack file keeps it, and how problems name it. */
export const ROOT = "mlp:platform";

/** Name of the stack that holds the cluster of an environment whose layers are apart. */
export function clusterStackOf(environment: string): string {
    return `${environment}-cluster`;
}
