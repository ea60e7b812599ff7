import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { InvalidConfiguration, Problem } from "../problems";
import { listFiles } from "./code-files";

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

/**
 * Packs a directory of training code, hidden files and caches left out. The same files give the same package.
 *
 * @param entrypoint script that must be there; undefined where a command starts what it likes
 * @throws InvalidConfiguration naming `path` when the directory or its entry point is missing, or it is too large.
 */
export function packageCode(directory: string, entrypoint: string | undefined, path: string): CodePackage {
    const paths = listFiles(directory, `${path}.codeDirectory`);
    const contents = paths.map((file) => ({ file, bytes: readFileSync(join(directory, file)) }));
    const size = contents.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const problems: Problem[] = [];
    if (entrypoint !== undefined && !paths.includes(entrypoint)) {
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
