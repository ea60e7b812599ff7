import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Api, ApiError } from "./api";
import { node } from "./layout";

/** Who may write it is the cluster's administrator: it decides whom the API server believes. */
export const TRUST = { namespace: "kube-system", name: "mlp-authentication", key: "jwt.json" } as const;

/** What the API server reads at its start and again whenever it changes. */
export const AUTHENTICATION_FILE = join(node.config, "authentication.json");

const LOOK_EVERY_MS = 3_000;

/** The API server's configuration: it trusts the issuers that `jwt` lists, in Kubernetes' own words. */
export function authenticationConfiguration(jwt: readonly unknown[] = []): string {
    const head = { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration" };
    return JSON.stringify({ ...head, jwt }, undefined, 2);
}

interface ConfigMap {
    readonly data?: Readonly<Record<string, string>>;
}

/** The configuration that a ConfigMap asks for; none of it where it is no list. */
export function configurationOf({ data }: ConfigMap): string {
    const jwt: unknown = JSON.parse(data?.[TRUST.key] ?? "[]");
    if (!Array.isArray(jwt)) throw new Error(`${TRUST.key} is no list of issuers`);
    return authenticationConfiguration(jwt);
}

/**
 * Keeps the API server's trust in identity providers as a ConfigMap says: a provider is installed on a cluster that
 * already runs, so no flag could name it. A configuration that the API server refuses leaves it with the former.
 */
export function followTrust(api: Api, say: (line: string) => void): void {
    let written = authenticationConfiguration();
    let complaint = "";
    const look = async () => {
        const wanted = await trustOf(api);
        if (wanted === written) return;
        // Whole or not at all: the API server looks at every change.
        writeFileSync(`${AUTHENTICATION_FILE}.new`, wanted, { mode: 0o600 });
        renameSync(`${AUTHENTICATION_FILE}.new`, AUTHENTICATION_FILE);
        written = wanted;
        say("the API server's trust in identity providers has changed");
    };
    const again = () => setTimeout(() => void follow(), LOOK_EVERY_MS);
    const follow = async () => {
        await look().then(
            () => (complaint = ""),
            (error: Error) => {
                // Once, not every three seconds.
                if (error.message !== complaint) say(`trust in identity providers: ${error.message}`);
                complaint = error.message;
            },
        );
        again();
    };
    again();
}

async function trustOf(api: Api): Promise<string> {
    const path = `/api/v1/namespaces/${TRUST.namespace}/configmaps/${TRUST.name}`;
    try {
        return configurationOf(await api.get<ConfigMap>(path));
    } catch (error) {
        if (error instanceof ApiError && error.status === 404) return authenticationConfiguration();
        throw error;
    }
}
