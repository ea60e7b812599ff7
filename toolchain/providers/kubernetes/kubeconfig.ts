import { JsonObject, objectAt, objectsAt, stringAt } from "../base/json";
import { ProviderError } from "../base/errors";

/** The parts of a kubeconfig that one context chooses. */
export interface Selection {
    readonly context: string;
    readonly server: string;
    readonly namespace: string | undefined;
    readonly cluster: JsonObject;
    readonly user: JsonObject;
}

/** Lists of several kubeconfigs as one: the first mention of a name wins, as with kubectl. */
export function mergeKubeconfigs(files: readonly JsonObject[]): JsonObject {
    const lists = ["clusters", "contexts", "users"].map((list) => [
        list,
        files.flatMap((file) => objectsAt(file, list)),
    ]);
    const current = files
        .map((file) => stringAt(file, "current-context"))
        .find((name) => name !== undefined && name !== "");
    return { ...(Object.fromEntries(lists) as JsonObject), "current-context": current ?? "" };
}

/**
 * Chooses context, cluster and user.
 *
 * @throws ProviderError that names what is missing and what there is.
 */
export function selectContext(
    kubeconfig: JsonObject,
    wanted: { readonly context: string | undefined; readonly cluster: string | undefined },
): Selection {
    const context = wanted.context ?? stringAt(kubeconfig, "current-context") ?? "";
    const chosen = entry(kubeconfig, "contexts", "context", context);
    const clusterName = wanted.cluster ?? stringAt(chosen, "cluster") ?? "";
    const cluster = entry(kubeconfig, "clusters", "cluster", clusterName);
    const userName = stringAt(chosen, "user") ?? "";
    const user = userName === "" ? {} : entry(kubeconfig, "users", "user", userName);
    const server = stringAt(cluster, "server") ?? "";
    if (server === "") throw new ProviderError(`kubeconfig: cluster ${JSON.stringify(clusterName)} has no server`);
    return { context, server, namespace: stringAt(chosen, "namespace"), cluster, user };
}

function entry(kubeconfig: JsonObject, list: string, field: string, name: string): JsonObject {
    const all = objectsAt(kubeconfig, list);
    const found = all.find((candidate) => candidate.name === name);
    if (found !== undefined) return objectAt(found, field);
    const names = all.map((candidate) => stringAt(candidate, "name") ?? "");
    throw new ProviderError(
        `kubeconfig: there is no ${field} ${JSON.stringify(name)}; its ${list} are: ${names.join(", ") || "none"}`,
    );
}
