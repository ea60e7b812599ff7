import { existsSync, readFileSync } from "node:fs";
import { answer } from "./run";

/** How this host reaches a package index; used while an image is made, never left inside it. */
export interface PipSettings {
    /** Lines of a pip.conf below `[global]`. */
    readonly options: readonly string[];
    /** Contents of the CA bundle that it trusts, in PEM. Undefined: pip's own. */
    readonly certificates?: string;
}

const TRANSPORT = new Set(["extra-index-url", "index-url", "proxy", "retries", "timeout", "trusted-host"]);
const DEFAULTS = ["disable-pip-version-check = true", "no-cache-dir = true", "root-user-action = ignore"];

/** The host's own settings, from its files and its environment. */
export function hostPipSettings(): PipSettings {
    const listed = parse(answer(["python3", "-m", "pip", "config", "list"]) ?? "");
    const options = [...listed].filter(([key]) => TRANSPORT.has(key)).map(([key, value]) => `${key} = ${value}`);
    const bundle = listed.get("cert") ?? process.env.SSL_CERT_FILE;
    const readable = bundle !== undefined && existsSync(bundle);
    return { options: [...DEFAULTS, ...options], ...(readable && { certificates: readFileSync(bundle, "utf8") }) };
}

// Such as `global.index-url='…'`; later ones win, and pip lists the environment first.
function parse(text: string): Map<string, string> {
    const lines = text.split("\n").reverse();
    return new Map(
        lines.flatMap((line): [string, string][] => {
            const [, key, value] = /^[^=]+\.([a-z-]+)='(.*)'$/.exec(line) ?? [];
            return key === undefined || value === undefined ? [] : [[key, value]];
        }),
    );
}
