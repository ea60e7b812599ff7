import { readFileSync } from "node:fs";
import { get, RequestOptions } from "node:https";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { InvalidConfiguration } from "../components/problems";
import { Endpoint, Material } from "./kubeconfig";
import { supportedMinors } from "./kubernetes-support";

const versionSchema = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });

/** In place of a version that the API server does not tell. */
export const UNKNOWN = "unknown";

/**
 * Asks the API server for its version, before anything is registered.
 *
 * @returns its minor version, such as `1.36`; {@link UNKNOWN} with a warning where it refuses to tell.
 * @throws InvalidConfiguration when it does not answer or runs a version that the platform does not support.
 */
export async function serverVersion(
    endpoint: Endpoint,
    warn: (message: string) => unknown = (message) => pulumi.log.warn(message),
): Promise<string> {
    const answer = await fetchVersion(endpoint).catch((error: unknown) => {
        throw new InvalidConfiguration([
            {
                path: "mlp:platform.cluster",
                found: endpoint.server,
                allowed: `an API server that answers (${error instanceof Error ? error.message : String(error)})`,
                fix: "Start the cluster (`npm run up` starts the embedded one), or name another kubeconfig or context.",
            },
        ]);
    });
    if (answer === undefined) {
        warn(
            `${endpoint.server} does not tell its version to the credentials of context ${endpoint.context}: ` +
                `make sure that it runs Kubernetes ${supportedMinors.join(", ")}.`,
        );
        return UNKNOWN;
    }
    const minor = `${answer.major}.${answer.minor.replace(/\D.*$/, "")}`;
    if (!supportedMinors.includes(minor)) {
        throw new InvalidConfiguration([
            {
                path: "mlp:platform.cluster",
                found: `Kubernetes ${answer.gitVersion} at ${endpoint.server}`,
                allowed: `Kubernetes ${supportedMinors.join(", ")}`,
                fix: "Upgrade the cluster, or name another kubeconfig or context.",
            },
        ]);
    }
    return minor;
}

const TIMEOUT_MILLISECONDS = 5_000;
/** The server is there but tells its version to nobody, or only to some. */
const REFUSED = [401, 403];

interface Answer {
    readonly status: number;
    readonly body: string;
}

/** Without credentials first, as most servers tell everybody; undefined when the kubeconfig's own do not help. */
async function fetchVersion(endpoint: Endpoint): Promise<z.output<typeof versionSchema> | undefined> {
    let { status, body } = await getVersion(endpoint, {});
    if (REFUSED.includes(status)) ({ status, body } = await getVersion(endpoint, credentialsOf(endpoint)));
    if (REFUSED.includes(status)) return undefined;
    if (status !== 200) throw new Error(`it answered /version with status ${status}`);
    return versionSchema.parse(JSON.parse(body));
}

function credentialsOf({ credentials: { certificate, key, token } }: Endpoint): RequestOptions {
    return {
        ...(certificate && key && { cert: read(certificate), key: read(key) }),
        ...(token && { headers: { authorization: `Bearer ${read(token).trim()}` } }),
    };
}

function getVersion({ server, ca, insecure, serverName }: Endpoint, credentials: RequestOptions): Promise<Answer> {
    const options: RequestOptions = {
        ...credentials,
        ...(ca && { ca: read(ca) }),
        ...(insecure === true && { rejectUnauthorized: false }),
        ...(serverName !== undefined && { servername: serverName }),
        timeout: TIMEOUT_MILLISECONDS,
    };
    return new Promise((resolve, reject) => {
        const request = get(`${server.replace(/\/$/, "")}/version`, options, (response) => {
            let body = "";
            response.setEncoding("utf8");
            response.on("data", (chunk: string) => (body += chunk));
            response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        });
        request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MILLISECONDS / 1000} s`)));
        request.on("error", reject);
    });
}

function read(material: Material): string {
    return "text" in material ? material.text : readFileSync(material.file, "utf8");
}
