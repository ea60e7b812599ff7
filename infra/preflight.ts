import { readFileSync } from "node:fs";
import { get } from "node:https";

import { z } from "zod";

import { InvalidConfiguration } from "../components/problems";
import { Endpoint } from "./kubeconfig";
import { supportedMinors } from "./kubernetes-support";

const versionSchema = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });

/**
 * Asks the API server for its version, which needs no credentials, before anything is registered.
 *
 * @returns its minor version, such as `1.36`.
 * @throws InvalidConfiguration when it does not answer or runs a version that the platform does not support.
 */
export async function serverVersion(endpoint: Endpoint): Promise<string> {
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

async function fetchVersion({ server, ca, caFile }: Endpoint): Promise<z.output<typeof versionSchema>> {
    const authority = ca ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
    const body = await new Promise<string>((resolve, reject) => {
        const request = get(
            `${server.replace(/\/$/, "")}/version`,
            { ...(authority !== undefined && { ca: authority }), timeout: TIMEOUT_MILLISECONDS },
            (response) => {
                let text = "";
                response.setEncoding("utf8");
                response.on("data", (chunk: string) => (text += chunk));
                response.on("end", () => {
                    if (response.statusCode === 200) resolve(text);
                    else reject(new Error(`it answered /version with status ${response.statusCode ?? "none"}`));
                });
            },
        );
        request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MILLISECONDS / 1000} s`)));
        request.on("error", reject);
    });
    return versionSchema.parse(JSON.parse(body));
}
