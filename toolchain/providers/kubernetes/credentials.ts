import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";

import type { KubeConfig } from "@kubernetes/client-node";

import { ProviderError } from "../base/errors";
import { Settings } from "./config";

/** Where the API server is and who calls it. */
export interface Endpoint {
    readonly url: URL;
    readonly namespace: string;
    /** Certificates and headers for one call; tokens of external commands are renewed when they end. */
    authenticate(): Promise<RequestOptions>;
}

/** A context of our own for the provider argument `cluster`. */
const OVERRIDE = "cluster-override";

/** Reads the kubeconfig that the settings name. The library is loaded here only: it costs start-up time. */
export async function loadEndpoint(settings: Settings): Promise<Endpoint> {
    const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
    const config = new KubeConfig();
    read(config, settings);
    if (settings.context !== undefined) config.setCurrentContext(settings.context);
    const context = config.getContextObject(config.getCurrentContext());
    const clusterName = settings.cluster ?? context?.cluster ?? "";
    const cluster = config.getCluster(clusterName);
    if (context === null || cluster === null) {
        const known = config.getContexts().map(({ name }) => name);
        throw new ProviderError(
            `kubeconfig: context ${JSON.stringify(config.getCurrentContext() ?? "")} with cluster ${JSON.stringify(clusterName)} ` +
                `is not in it; contexts are: ${known.join(", ") || "none"}`,
        );
    }
    if (settings.cluster !== undefined && settings.cluster !== context.cluster) {
        // Credentials and certificate authority are looked up through the context.
        config.addContext({ ...context, name: OVERRIDE, cluster: settings.cluster });
        config.setCurrentContext(OVERRIDE);
    }
    return {
        url: parseUrl(cluster.server),
        namespace: settings.namespace ?? context.namespace ?? "default",
        authenticate: async () => {
            const options: RequestOptions = { headers: {} };
            await config.applyToHTTPSOptions(options);
            return options;
        },
    };
}

function read(config: KubeConfig, { kubeconfig }: Settings): void {
    const source = kubeconfig === undefined ? "the default location" : describe(kubeconfig);
    try {
        if (kubeconfig === undefined) config.loadFromDefault();
        else if (isPath(kubeconfig)) config.loadFromFile(kubeconfig);
        else config.loadFromString(kubeconfig);
    } catch (error) {
        const [cause = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        throw new ProviderError(
            `kubeconfig: cannot read ${source} (${isPath(kubeconfig ?? "") ? cause : "not a kubeconfig"})`,
        );
    }
    if (config.getClusters().length === 0) {
        throw new ProviderError(
            `kubeconfig: ${source} names no cluster; give the contents or the path of a kubeconfig`,
        );
    }
}

function isPath(kubeconfig: string): boolean {
    return !kubeconfig.includes("\n") && !kubeconfig.trimStart().startsWith("{") && existsSync(kubeconfig);
}

/** Contents hold credentials, so only a path is ever shown. */
function describe(kubeconfig: string): string {
    return /^[\w~./@:+-]{1,200}$/.test(kubeconfig) ? kubeconfig : "the contents given";
}

function parseUrl(server: string): URL {
    try {
        return new URL(server);
    } catch {
        throw new ProviderError(
            `kubeconfig: the server ${JSON.stringify(server)} is no URL such as https://127.0.0.1:6443`,
        );
    }
}
