/**
 * A real control plane whose nodes are objects alone: admission, quotas, scheduling and garbage collection are
 * Kubernetes' own, and kwok says that pods run. For tests; it proves nothing about what pods do.
 */
import { join } from "node:path";

import { hostLayout } from "./layout";
import { end, run } from "./lifecycle";
import { checkPreconditions } from "./preconditions";
import { SimulatedNodes, Timing } from "./types";

export interface ControlPlaneOptions extends Pick<SimulatedNodes, "binaries" | "stages"> {
    /** Folder of the state, of this control plane alone. */
    readonly folder: string;
    /** Loopback port of the API server. */
    readonly apiPort: number;
    /** Called with one line per step that is done. */
    readonly progress: (line: string) => void;
}

export interface ControlPlane {
    /** Kubeconfig (mode 0600) of a cluster administrator. */
    readonly kubeconfig: string;
    readonly apiUrl: string;
    /** Process that everything else ends with. */
    readonly keeperPid: number;
    readonly timings: readonly Timing[];
    /** Folder of the components' logs. */
    readonly logs: string;
}

const layoutOf = (folder: string) => hostLayout(join(folder, "control-plane"));

/**
 * Starts etcd, API server, controller-manager, scheduler and kwok in namespaces of their own. There is no node until
 * somebody creates one with the annotation `kwok.x-k8s.io/node: fake`.
 *
 * @throws ClusterError when the user can mend it.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
    const { binaries, stages, folder, apiPort, progress } = options;
    checkPreconditions({ binaries, images: [] });
    const layout = layoutOf(folder);
    const { status } = await run(layout, { nodes: "simulated", binaries, stages }, apiPort, progress);
    return {
        kubeconfig: layout.kubeconfig,
        apiUrl: `https://127.0.0.1:${apiPort}`,
        keeperPid: status.pid,
        timings: status.timings,
        logs: layout.logs,
    };
}

/** Ends it and removes its state. */
export function stopControlPlane(folder: string): Promise<void> {
    return end(layoutOf(folder), { purge: true });
}
