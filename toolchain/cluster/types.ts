/** Programs of every control plane. */
export type ControlPlaneBinary = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler";

/** Programs of the cluster that are built from Go modules; everything else comes from distribution packages. */
export type ClusterBinary = ControlPlaneBinary | "coredns" | "kube-proxy" | "kubelet";

/** An OCI or Docker archive on this machine and the reference under which manifests name its image. */
export interface ImageArchive {
    readonly reference: string;
    /** Path of the archive. */
    readonly archive: string;
    /** `sha256:…` of the image; another digest under the same reference is imported again. */
    readonly digest: string;
}

/** One node that runs pods. */
export interface RealNode {
    readonly nodes: "real";
    readonly binaries: Readonly<Record<ClusterBinary, string>>;
    readonly images: readonly ImageArchive[];
    /** Whether NetworkPolicies are enforced. Default: false. */
    readonly networkPolicies?: boolean;
}

/** Nodes that are objects alone, whoever makes them: kwok keeps them Ready and pretends to run their pods. */
export interface SimulatedNodes {
    readonly nodes: "simulated";
    readonly binaries: Readonly<Record<ControlPlaneBinary | "kwok", string>>;
    /** Files of kwok's stages: what becomes of a node or pod, and when. */
    readonly stages: readonly string[];
}

/** What stands below a control plane. */
export type ClusterProfile = RealNode | SimulatedNodes;

export interface StartOptions {
    /** Absolute path of every program. */
    readonly binaries: Readonly<Record<ClusterBinary, string>>;
    /** Images that pods may name; those that did not change since the last import cost nothing. */
    readonly images: readonly ImageArchive[];
    /** Whether a stand-in enforces NetworkPolicies. Default: false; the environment's MLP_NETWORK_POLICIES wins. */
    readonly networkPolicies?: boolean;
    /** Called with one line per step that is done. */
    readonly progress: (line: string) => void;
    /** Loopback port of the API server. Default: the environment's MLP_API_PORT, else last time's, else 26443. */
    readonly apiPort?: number;
}

/** A Service of the cluster that is reachable at a loopback port of the host. */
export interface PublishedService {
    readonly namespace: string;
    readonly service: string;
    /** Port of the Service. */
    readonly port: number;
    /** Port on 127.0.0.1. */
    readonly localPort: number;
}

export interface Timing {
    readonly step: string;
    /** Seconds since the keeper began. */
    readonly seconds: number;
}

export interface ComponentStatus {
    readonly name: string;
    readonly pid: number | undefined;
    readonly ready: boolean;
    readonly restarts: number;
}

export interface ClusterInfo {
    /** Whether this call found the cluster running. */
    readonly alreadyRunning: boolean;
    /** Kubeconfig (mode 0600) of a cluster administrator; reaches the cluster from the host. */
    readonly kubeconfig: string;
    /** API server on loopback. */
    readonly apiUrl: string;
    readonly nodeName: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly published: readonly PublishedService[];
    readonly timings: readonly Timing[];
    /** Folder of the components' logs. */
    readonly logs: string;
}

export type ClusterStatus =
    | { readonly state: "stopped"; readonly hasData: boolean }
    | { readonly state: "starting" | "stopping" }
    | {
          readonly state: "running";
          readonly info: ClusterInfo;
          readonly keeperPid: number;
          readonly components: readonly ComponentStatus[];
      };

/** What the keeper is told on its standard input. */
export interface KeeperConfig {
    readonly profile: ClusterProfile;
    readonly apiPort: number;
    /** Differs as soon as a running cluster would have to be restarted to follow the options. */
    readonly fingerprint: string;
}

/** An error that the user can mend: its message is one line that says how; no stack trace is wanted. */
export class ClusterError extends Error {
    override readonly name = "ClusterError";
}
