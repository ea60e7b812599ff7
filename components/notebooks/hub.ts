import * as pulumi from "@pulumi/pulumi";

import { DatabaseAccess } from "../contracts";
import { databaseCa } from "../data";
import { ControllerArgs } from "../kubernetes/controller";
import { MountedVolume } from "../kubernetes/pod";
import { HUB_PORT, NotebooksSpec, PROXY_API_PORT, PROXY_PORT } from "./resolve";
import { IDENTITY_CA_FOLDER } from "./settings";

type Workload = Omit<ControllerArgs, "namespace" | "callers" | "egress">;

/** Keys of the hub's Secret. */
export const HUB_SECRETS = {
    proxyToken: "proxy-token",
    cookieSecret: "cookie-secret",
    cryptKey: "crypt-key",
    clientSecret: "client-secret",
} as const;

interface HubFiles {
    readonly configuration: pulumi.Input<string>;
    readonly database: DatabaseAccess;
    readonly secretName: pulumi.Input<string>;
    readonly secretsChecksum: pulumi.Input<string>;
    /** ConfigMap with `ca.crt` of the identity provider. Default: it is known to everybody. */
    readonly identityCa?: pulumi.Input<string> | undefined;
}

/** The hub: one at a time, with its state in the database and none of its own. */
export function hubOf({ images }: NotebooksSpec, files: HubFiles): Workload {
    const { configuration, database, secretName, secretsChecksum, identityCa } = files;
    const secret = (name: string, key: string) => ({
        name,
        valueFrom: { secretKeyRef: { name: secretName, key } },
    });
    const uri = { secretKeyRef: { name: database.secretName, key: "uri" } };
    return {
        image: images.hub,
        component: "hub",
        single: true,
        usesApi: true,
        command: ["jupyterhub"],
        args: ["--config=/opt/mlp-hub/jupyterhub_config.py"],
        configuration,
        environment: [
            { name: "HOME", value: "/tmp" },
            { name: "MLP_DATABASE_URI", valueFrom: uri },
            secret("MLP_PROXY_TOKEN", HUB_SECRETS.proxyToken),
            secret("MLP_COOKIE_SECRET", HUB_SECRETS.cookieSecret),
            secret("MLP_CRYPT_KEY", HUB_SECRETS.cryptKey),
            secret("MLP_CLIENT_SECRET", HUB_SECRETS.clientSecret),
        ],
        volumes: [databaseCa(database), ...(identityCa === undefined ? [] : [identityCaVolume(identityCa)])],
        scratch: ["/tmp"],
        podAnnotations: { "mlp.dev/database": database.checksum, "mlp.dev/secrets": secretsChecksum },
        ports: [{ name: "http", port: HUB_PORT, servicePort: HUB_PORT }],
        health: { port: "http", live: "/hub/health", ready: "/hub/health" },
        cpu: "100m",
        memory: { request: "256Mi", limit: "1Gi" },
    };
}

/** The way to the hub and to every notebook: it goes on while the hub starts anew. */
export function proxyOf(
    { images }: NotebooksSpec,
    hubUrl: string,
    secretName: pulumi.Input<string>,
    secretsChecksum: pulumi.Input<string>,
): Workload {
    return {
        image: images.proxy,
        component: "proxy",
        // It keeps its routes in memory: two would disagree.
        single: true,
        command: ["configurable-http-proxy"],
        args: [
            "--ip=0.0.0.0",
            `--port=${PROXY_PORT}`,
            "--api-ip=0.0.0.0",
            `--api-port=${PROXY_API_PORT}`,
            `--default-target=${hubUrl}`,
            `--error-target=${hubUrl}/hub/error`,
            "--log-level=warn",
        ],
        environment: [
            {
                name: "CONFIGPROXY_AUTH_TOKEN",
                valueFrom: { secretKeyRef: { name: secretName, key: HUB_SECRETS.proxyToken } },
            },
        ],
        podAnnotations: { "mlp.dev/secrets": secretsChecksum },
        ports: [
            { name: "http", port: PROXY_PORT, servicePort: PROXY_PORT },
            { name: "api", port: PROXY_API_PORT, servicePort: PROXY_API_PORT },
        ],
        health: { port: "http", live: "/_chp_healthz", ready: "/_chp_healthz" },
        cpu: "50m",
        memory: { request: "96Mi", limit: "384Mi" },
    };
}

function identityCaVolume(name: pulumi.Input<string>): MountedVolume {
    return { volume: { name: "identity-ca", configMap: { name } }, mountPath: IDENTITY_CA_FOLDER };
}
