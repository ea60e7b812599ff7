import { Tenant } from "../contracts";

/** A team whose people may start notebooks in its namespace. */
export interface NotebookTeam {
    tenant: Tenant;
    /** Groups of the identity provider, as it writes them. Default: `team-<name>`. */
    groups?: string[];
    /** People besides them, by the claim with their name. Default: none. */
    users?: string[];
}

/** What a notebook gets, by a name that people choose. */
export interface NotebookProfile {
    /** Lower-case letters, digits and dashes. */
    name: string;
    /** What people read. Default: the name. */
    title?: string;
    /** Cores requested. */
    cpu: string;
    /** Cores at most. Default: what the node has. */
    cpuLimit?: string;
    /** Memory requested. */
    memory: string;
    /** Memory at most. Default: `memory`. */
    memoryLimit?: string;
    /** Pool whose GPUs it gets. Default: none, it needs no GPU. */
    gpuPool?: string;
    /** GPUs of that pool. Default: 1. */
    gpus?: number;
    /** Seconds without activity after which it is stopped. Default: that of `culling`. */
    idleSeconds?: number;
    /** Seconds after which it is stopped when nothing computes, though a page is open. Default: that of `culling`. */
    gpuIdleSeconds?: number;
}

/** When idle notebooks are stopped. Their volumes stay. */
export interface NotebookCulling {
    /** Seconds without activity. Default: 3600. */
    idleSeconds?: number;
    /** Seconds in which neither a kernel nor a GPU of a notebook with GPUs computes. Default: 900. */
    gpuIdleSeconds?: number;
    /** Seconds between two looks. Default: a quarter of the shortest limit, at least 5, at most 60. */
    everySeconds?: number;
}

/** What keeps many starts from hurting everybody. */
export interface NotebookLimits {
    /** Notebooks that start at the same time; further ones are told to wait. Default: 20. */
    concurrentStarts?: number;
    /** Seconds in which a notebook must answer; nodes with GPUs may have to be made first. Default: 600. */
    startSeconds?: number;
    /** Notebooks of one user. Default: 3. */
    serversPerUser?: number;
    /** Starts failing one after another, by the hub's own fault, after which it starts anew. Default: 10. */
    consecutiveFailures?: number;
}

/** The volume of a notebook: a user's home in a team. */
export interface NotebookVolume {
    /** Kubernetes quantity. Default: `10Gi`. */
    size?: string;
    /** Default: the cluster's default class. */
    storageClass?: string;
}

/** Where NVIDIA's DCGM exporters tell which pods use their GPUs. */
export interface GpuMetricsSource {
    /** Headless Service of the exporters, with its namespace: `dcgm-exporter.mlp-accelerators.svc`. */
    host: string;
    /** Default: 9400. */
    port?: number;
}
