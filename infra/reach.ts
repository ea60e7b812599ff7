import { checkEmbedded } from "./embedded";
import { Endpoint, endpointOf } from "./kubeconfig";
import { defaultKubeconfig, expandHome, readKubeconfig } from "./kubeconfig-file";
import { serverVersion } from "./preflight";
import { ClusterSpec } from "./spec";

/** A cluster that a kubeconfig reaches. */
export type ReachedCluster = Exclude<ClusterSpec, { kind: "eks" }>;

/** A cluster that answers, and how it is reached. */
export interface Reached {
    /** Contents of the kubeconfig. */
    readonly kubeconfig: string;
    readonly endpoint: Endpoint;
    /** Minor version, or `unknown`. */
    readonly kubernetesVersion: string;
}

/**
 * Finds the cluster that a kubeconfig names and asks for its version.
 *
 * @throws InvalidConfiguration when there is no such kubeconfig, or the cluster does not answer or is not supported.
 */
export async function reach(cluster: ReachedCluster, warn?: (message: string) => unknown): Promise<Reached> {
    const file = kubeconfigFile(cluster);
    const kubeconfig = readKubeconfig(file);
    const endpoint = endpointOf(kubeconfig, file, cluster.kind === "existing" ? cluster.context : undefined);
    if (cluster.kind === "embedded") checkEmbedded(endpoint);
    return { kubeconfig, endpoint, kubernetesVersion: await serverVersion(endpoint, warn) };
}

/** The file that the stack names, else the one that kubectl would take. */
export function kubeconfigFile(cluster: ReachedCluster): string {
    const named = cluster.kind === "existing" ? cluster.kubeconfig : undefined;
    return expandHome(named ?? defaultKubeconfig());
}
