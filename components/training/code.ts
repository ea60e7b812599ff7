import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

import { InvalidConfiguration, Problem } from "../problems";

/** A code directory as a ConfigMap holds it. */
export interface CodePackage {
    /** ConfigMap `binaryData`: file contents in base64 by key. */
    readonly files: Readonly<Record<string, string>>;
    /** Which key is mounted under which path. */
    readonly items: readonly { readonly key: string; readonly path: string }[];
    /** SHA-256 over paths and contents. */
    readonly digest: string;
}

/** A ConfigMap may hold 1 MiB; base64 and metadata take their share. */
const MAX_BYTES = 700 * 1024;
const IGNORED = new Set(["__pycache__", "node_modules"]);

/**
 * Packs a directory of training code, hidden files and caches left out. The same files give the same package.
 *
 * @throws InvalidConfiguration naming `path` when the directory or its entry point is missing, or it is too large.
 */
export function packageCode(directory: string, entrypoint: string, path: string): CodePackage {
    const paths = listFiles(directory, path);
    const contents = paths.map((file) => ({ file, bytes: readFileSync(join(directory, file)) }));
    const size = contents.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const problems: Problem[] = [];
    if (!paths.includes(entrypoint)) {
        problems.push({
            path: `${path}.entrypoint`,
            found: entrypoint,
            allowed: `a file of ${directory}: ${paths.join(", ") || "it is empty"}`,
            fix: "Name the script that starts the training, relative to codeDirectory.",
        });
    }
    if (size > MAX_BYTES) {
        problems.push({
            path: `${path}.codeDirectory`,
            found: `${directory} (${Math.ceil(size / 1024)} KiB)`,
            allowed: `at most ${MAX_BYTES / 1024} KiB of code`,
            fix: "Move data out of the directory, or build an image and name it in `image`.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);

    const digest = createHash("sha256");
    for (const { file, bytes } of contents) digest.update(`${file}\0${bytes.length}\0`).update(bytes);
    const items = contents.map(({ file }, index) => ({ key: `file-${index}`, path: file }));
    return {
        files: Object.fromEntries(contents.map(({ bytes }, index) => [`file-${index}`, bytes.toString("base64")])),
        items,
        digest: digest.digest("hex"),
    };
}

/** Files below a directory, as sorted paths with forward slashes. */
function listFiles(directory: string, path: string): string[] {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new InvalidConfiguration([
            {
                path: `${path}.codeDirectory`,
                found: directory,
                allowed: "a directory that exists",
                fix: "Give the path of the training code, absolute or relative to where the program runs.",
            },
        ]);
    }
    const walk = (below: string): string[] =>
        readdirSync(join(directory, below), { withFileTypes: true }).flatMap((entry) => {
            if (entry.name.startsWith(".") || IGNORED.has(entry.name)) return [];
            const file = posix.join(below, entry.name);
            return entry.isDirectory() ? walk(file) : [file];
        });
    return walk("").sort();
}
