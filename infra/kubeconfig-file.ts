import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

import { InvalidConfiguration } from "../components/problems";

/** Where kubectl would look for a kubeconfig that nobody names: of a list, the first file that exists. */
export function defaultKubeconfig(environment: NodeJS.ProcessEnv = process.env): string {
    const files = (environment.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
    return files.find((file) => existsSync(expandHome(file))) ?? files[0] ?? join(homedir(), ".kube", "config");
}

/**
 * Contents of a kubeconfig, with the files that it names made absolute: they are relative to its own folder, which
 * its contents alone do not tell.
 *
 * @throws InvalidConfiguration when it cannot be read.
 */
export function readKubeconfig(file: string): string {
    const path = expandHome(file);
    try {
        return withAbsolutePaths(readFileSync(path, "utf8"), dirname(path));
    } catch (error) {
        throw new InvalidConfiguration([
            {
                path: "mlp:platform.cluster.kubeconfig",
                found: file,
                allowed: `a file that can be read (${error instanceof Error ? error.message : String(error)})`,
                fix: "Set KUBECONFIG (`npm run env` prints it for the embedded cluster) or name the file here.",
            },
        ]);
    }
}

/** Absolute, with `~` as a shell has it: programs that are given the path know neither. */
export function expandHome(file: string): string {
    return resolve(file.replace(/^~(?=\/|$)/, homedir()));
}

const entries = z.array(z.looseObject({ cluster: z.looseObject({}).nullish(), user: z.looseObject({}).nullish() }));
const referring = z.looseObject({ clusters: entries.optional(), users: entries.optional() });
const FILES = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** The very text where nothing is relative, or where it is no kubeconfig, which its reader then says. */
function withAbsolutePaths(contents: string, folder: string): string {
    const { success, data } = referring.safeParse(parse(contents, { logLevel: "silent" }));
    if (!success) return contents;
    let changed = false;
    for (const { cluster, user } of [...(data.clusters ?? []), ...(data.users ?? [])]) {
        for (const holder of [cluster, user].filter((one) => one !== undefined && one !== null)) {
            for (const key of FILES) {
                const file = holder[key];
                if (typeof file !== "string" || file === "" || resolve(folder, file) === file) continue;
                holder[key] = resolve(folder, file);
                changed = true;
            }
        }
    }
    return changed ? stringify(data) : contents;
}
