/**
 * An embedded Kubernetes cluster: one real node in its own namespaces, started from binaries and image archives.
 *
 * @see docs/embedded-cluster.md
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { dataDir } from "../paths";
import { callKeeper, KeeperMethods, KeeperStatus } from "./control";
import { portOfKubeconfig } from "./kubeconfig";
import { HostLayout, hostLayout, NODE_NAME } from "./layout";
import { end, run } from "./lifecycle";
import { checkPreconditions, chooseApiPort, chooseNetworkPolicies } from "./preconditions";
import { ClusterError, ClusterInfo, ClusterStatus, ImageArchive, PublishedService, StartOptions } from "./types";

export { chooseNetworkPolicies } from "./preconditions";
export * from "./simulated-nodes";
export * from "./types";

const layoutOfUser = () => hostLayout(dataDir("cluster"));

/**
 * Brings the cluster up, or finds it running: then only images that changed are imported. A running cluster whose
 * programs or port differ from the options is restarted; its objects and volumes stay. Safe to call twice at once.
 *
 * @throws ClusterError when the user can mend it.
 */
export async function startCluster(options: StartOptions): Promise<ClusterInfo> {
    checkPreconditions(options);
    const layout = layoutOfUser();
    const { binaries, images } = options;
    const apiPort = chooseApiPort(options.apiPort, process.env.MLP_API_PORT, portOfKubeconfig(layout.kubeconfig));
    const networkPolicies = chooseNetworkPolicies(options.networkPolicies);
    const profile = { nodes: "real", binaries, images, ...(networkPolicies && { networkPolicies }) } as const;
    const { status, launched } = await run(layout, profile, apiPort, options.progress);
    // A cluster that somebody else has started was given their images.
    const imported = launched ? [] : await importImages(images);
    if (imported.length > 0) options.progress(`${imported.length} images imported`);
    return infoOf(layout, status, !launched);
}

/** Ends the cluster; objects and volumes stay for the next start unless they are purged. */
export function stopCluster(options: { readonly purge: boolean }): Promise<void> {
    return end(layoutOfUser(), options);
}

export async function clusterStatus(): Promise<ClusterStatus> {
    const layout = layoutOfUser();
    const found = await callKeeper(layout, "status");
    if (found === undefined || found.result.phase === "failed") {
        return { state: "stopped", hasData: existsSync(join(layout.root, "etcd")) };
    }
    const { phase, pid, components } = found.result;
    if (phase !== "running") return { state: phase };
    return { state: "running", info: infoOf(layout, found.result, true), keeperPid: pid, components };
}

/** Imports images into the running cluster; answers with the references of those that had changed. */
export function importImages(images: readonly ImageArchive[]): Promise<string[]> {
    return callRunning("importImages", images);
}

/**
 * Makes a Service of the cluster reachable at a port of 127.0.0.1, now and after every start. The Service may be made
 * later: it is looked up by each connection. Without a local port, a free one is chosen and kept.
 */
export function exposeService(
    service: Omit<PublishedService, "localPort"> & { readonly localPort?: number },
): Promise<PublishedService> {
    return callRunning("publish", service);
}

/** Takes back {@link exposeService}; whether there was anything to take back. */
export function unexposeService(service: Omit<PublishedService, "localPort">): Promise<boolean> {
    return callRunning("unpublish", service);
}

async function callRunning<M extends keyof KeeperMethods>(
    method: M,
    ...params: Parameters<KeeperMethods[M]>
): Promise<Awaited<ReturnType<KeeperMethods[M]>>> {
    const called = await callKeeper(layoutOfUser(), method, ...params);
    if (called === undefined) throw new ClusterError("The embedded cluster is not running: start it with npm run up.");
    return called.result;
}

function infoOf(layout: HostLayout, status: KeeperStatus, alreadyRunning: boolean): ClusterInfo {
    const { apiPort, versions, published, timings } = status;
    return {
        alreadyRunning,
        kubeconfig: layout.kubeconfig,
        apiUrl: `https://127.0.0.1:${apiPort}`,
        nodeName: NODE_NAME,
        versions,
        published,
        timings,
        logs: layout.logs,
    };
}
