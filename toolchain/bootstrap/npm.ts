import { existsSync, readFileSync } from "node:fs";
import { answer } from "./run";

/** How this host reaches npm's registry; used while an image is made, never left inside it. */
export interface NpmSettings {
    /** Lines of an .npmrc. */
    readonly options: readonly string[];
    /** Contents of the CA bundle that it trusts, in PEM. Undefined: Node's own. */
    readonly certificates?: string;
}

const TRANSPORT = ["registry", "https-proxy", "proxy", "noproxy"] as const;

/** The host's own settings, from its files and its environment. */
export function hostNpmSettings(): NpmSettings {
    const options = TRANSPORT.flatMap((key) => {
        const value = setting(key);
        return value === undefined ? [] : [`${key}=${value}`];
    });
    const bundle = setting("cafile") ?? process.env.NODE_EXTRA_CA_CERTS;
    const readable = bundle !== undefined && existsSync(bundle);
    return { options, ...(readable && { certificates: readFileSync(bundle, "utf8") }) };
}

function setting(key: string): string | undefined {
    const value = answer(["npm", "config", "get", key])?.trim();
    return value === undefined || ["", "null", "undefined"].includes(value) ? undefined : value;
}
