import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parseDocument } from "yaml";

import { dataDir, repositoryRoot } from "../toolchain/paths";
import { UserError } from "./errors";

/** A Pulumi program of this repository and the folder of its stack files. */
export interface Project {
    readonly name: string;
    /** Folder of Pulumi.yaml. */
    readonly directory: string;
    /** Folder of Pulumi.<stack>.yaml. */
    readonly stacks: string;
}

export const PLATFORM: Project = { name: "mlp", directory: repositoryRoot, stacks: join(repositoryRoot, "stacks") };

/** The stack file as its author wrote it. */
export function sourceOf(project: Project, stack: string): string {
    const file = join(project.stacks, `Pulumi.${stack}.yaml`);
    if (!existsSync(file)) throw new UserError(`${file} is not there: copy another stack file and adapt it.`);
    return file;
}

/** `mlp:platform` of a stack file. */
export function platformConfig(stack: string): unknown {
    const document = parseDocument(readFileSync(sourceOf(PLATFORM, stack), "utf8"));
    return document.toJS() === null
        ? undefined
        : (document.getIn(["config", "mlp:platform"]) as { toJSON(): unknown } | undefined)?.toJSON();
}

/**
 * Pulumi writes an encryption salt into the stack file. The local stack's belongs to this machine, so Pulumi gets a
 * working copy in the user's data folder: the author's file plus the salt.
 *
 * @returns the working copy.
 */
export function workingCopy(project: Project, stack: string): string {
    const copy = copyOf(project, stack);
    const document = parseDocument(readFileSync(sourceOf(project, stack), "utf8"));
    if (existsSync(copy)) {
        const salt: unknown = parseDocument(readFileSync(copy, "utf8")).get("encryptionsalt");
        if (salt !== undefined) document.set("encryptionsalt", salt);
    }
    writeAtomically(copy, document.toString());
    return copy;
}

/** Takes the salt that Pulumi wrote into `file` over into the working copy. */
export function keepSalt(project: Project, stack: string, file: string): void {
    const document = parseDocument(readFileSync(sourceOf(project, stack), "utf8"));
    document.set("encryptionsalt", parseDocument(readFileSync(file, "utf8")).get("encryptionsalt"));
    writeAtomically(copyOf(project, stack), document.toString());
}

function copyOf(project: Project, stack: string): string {
    return dataDir("stacks", project.name, `Pulumi.${stack}.yaml`);
}

/** The generated passphrase of local stacks: made once, readable by its owner alone. */
export function passphraseFile(): string {
    const file = dataDir("passphrase");
    if (!existsSync(file)) writeAtomically(file, `${randomBytes(24).toString("base64url")}\n`);
    return file;
}

function writeAtomically(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, text, { mode: 0o600 });
    renameSync(part, file);
}
