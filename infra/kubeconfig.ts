import { homedir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { InvalidConfiguration } from "../components/problems";

const kubeconfigSchema = z.object({
    "current-context": z.string().optional(),
    contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })),
    clusters: z.array(
        z.object({
            name: z.string(),
            cluster: z.object({
                server: z.string(),
                "certificate-authority-data": z.string().optional(),
                "certificate-authority": z.string().optional(),
                "insecure-skip-tls-verify": z.boolean().optional(),
            }),
        }),
    ),
});

/** The cluster that a kubeconfig and a context name. */
export interface Endpoint {
    readonly context: string;
    readonly server: string;
    /** PEM, when the kubeconfig carries it in itself. */
    readonly ca?: string;
    /** File that holds the PEM, when it does not. */
    readonly caFile?: string;
}

/** Where kubectl would look for a kubeconfig that nobody names. */
export function defaultKubeconfig(environment: NodeJS.ProcessEnv = process.env): string {
    return environment.KUBECONFIG || join(homedir(), ".kube", "config");
}

/**
 * Finds the API server in the contents of a kubeconfig. Pure.
 *
 * @throws InvalidConfiguration when it is no kubeconfig or lacks the context.
 */
export function endpointOf(contents: string, file: string, context?: string): Endpoint {
    const path = "mlp:platform.cluster";
    const parsed = kubeconfigSchema.safeParse(parseYaml(contents));
    if (!parsed.success) {
        throw new InvalidConfiguration([
            {
                path: `${path}.kubeconfig`,
                found: file,
                allowed: "a kubeconfig with contexts and clusters",
                fix: "Write one with `kubectl config view --raw --minify`, or by your cloud's command.",
            },
        ]);
    }
    const { contexts, clusters } = parsed.data;
    const wanted = context ?? parsed.data["current-context"];
    const entry = contexts.find(({ name }) => name === wanted);
    const cluster = clusters.find(({ name }) => name === entry?.context.cluster)?.cluster;
    if (wanted === undefined || entry === undefined || cluster === undefined) {
        throw new InvalidConfiguration([
            {
                path: `${path}.context`,
                found: wanted,
                allowed: `one of ${contexts.map(({ name }) => name).join(", ") || "none: the kubeconfig is empty"}`,
                fix: `Name a context of ${file}.`,
            },
        ]);
    }
    const data = cluster["certificate-authority-data"];
    const caFile = cluster["certificate-authority"];
    return {
        context: wanted,
        server: cluster.server,
        ...(data !== undefined && { ca: Buffer.from(data, "base64").toString() }),
        ...(caFile !== undefined && { caFile }),
    };
}

function parseYaml(contents: string): unknown {
    try {
        return parse(contents);
    } catch {
        return undefined; // The schema then says what is wrong.
    }
}
