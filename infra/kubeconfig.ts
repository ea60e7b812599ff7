import { parse } from "yaml";
import { z } from "zod";

import { InvalidConfiguration } from "../components/problems";

const kubeconfigSchema = z.object({
    "current-context": z.string().optional(),
    contexts: z.array(
        z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().optional() }) }),
    ),
    clusters: z.array(
        z.object({
            name: z.string(),
            cluster: z.object({
                server: z.string(),
                "certificate-authority-data": z.string().optional(),
                "certificate-authority": z.string().optional(),
                "insecure-skip-tls-verify": z.boolean().optional(),
                "tls-server-name": z.string().optional(),
            }),
        }),
    ),
    users: z
        .array(
            z.object({
                name: z.string(),
                user: z
                    .object({
                        "client-certificate-data": z.string().optional(),
                        "client-certificate": z.string().optional(),
                        "client-key-data": z.string().optional(),
                        "client-key": z.string().optional(),
                        token: z.string().optional(),
                        tokenFile: z.string().optional(),
                    })
                    .nullish(),
            }),
        )
        .nullish(),
});

/** The cluster that a kubeconfig and a context name. */
export interface Endpoint {
    readonly context: string;
    readonly server: string;
    /** Of the server's certificate. Default: the system's. */
    readonly ca?: Material;
    /** Trusts whatever certificate the server has. */
    readonly insecure?: boolean;
    /** Name in the server's certificate, where it is not that of its address. */
    readonly serverName?: string;
    /** Of its user, unless a command makes them. */
    readonly credentials: { readonly certificate?: Material; readonly key?: Material; readonly token?: Material };
}

/** A certificate, key or token that stands in the kubeconfig, or in a file that it names. */
export type Material = { readonly text: string } | { readonly file: string };

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
    const user = parsed.data.users?.find(({ name }) => name === entry.context.user)?.user ?? {};
    const serverName = cluster["tls-server-name"];
    return {
        context: wanted,
        server: cluster.server,
        ...material("ca", decoded(cluster["certificate-authority-data"]), cluster["certificate-authority"]),
        ...(cluster["insecure-skip-tls-verify"] === true && { insecure: true }),
        ...(serverName !== undefined && { serverName }),
        credentials: {
            ...material("certificate", decoded(user["client-certificate-data"]), user["client-certificate"]),
            ...material("key", decoded(user["client-key-data"]), user["client-key"]),
            ...material("token", user.token, user.tokenFile),
        },
    };
}

function material<K extends string>(key: K, text: string | undefined, file: string | undefined) {
    const value: Material | undefined = text !== undefined ? { text } : file !== undefined ? { file } : undefined;
    return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: Material };
}

function decoded(base64: string | undefined): string | undefined {
    return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
}

function parseYaml(contents: string): unknown {
    try {
        return parse(contents);
    } catch {
        return undefined; // The schema then says what is wrong.
    }
}
