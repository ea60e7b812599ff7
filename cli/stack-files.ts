import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Document, isMap, parseDocument } from "yaml";

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

const TRAINING_DIRECTORY = join(repositoryRoot, "examples", "training");
export const TRAINING_EXAMPLE: Project = {
    name: "mlp-example-training",
    directory: TRAINING_DIRECTORY,
    stacks: TRAINING_DIRECTORY,
};

const PIPELINE_DIRECTORY = join(repositoryRoot, "examples", "pipeline");
export const PIPELINE_EXAMPLE: Project = {
    name: "mlp-example-pipeline",
    directory: PIPELINE_DIRECTORY,
    stacks: PIPELINE_DIRECTORY,
};

/** The stack file as its author wrote it. */
export function sourceOf(project: Project, stack: string): string {
    const file = join(project.stacks, `Pulumi.${stack}.yaml`);
    if (!existsSync(file)) throw new UserError(`${file} is not there: copy another stack file and adapt it.`);
    return file;
}

/** `mlp:platform` of a stack file; whether it is right is for the schema to say. */
export function platformConfig(stack: string): unknown {
    return platformConfigIn(sourceOf(PLATFORM, stack));
}

/** {@link platformConfig} of a stack file anywhere. */
export function platformConfigIn(file: string): unknown {
    const document = readStackFile(file);
    try {
        const { config } = (document.toJS() ?? {}) as { config?: Record<string, unknown> | null };
        return config?.["mlp:platform"];
    } catch (error) {
        // An alias without its anchor shows only when it is followed.
        throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
}

/** A stack file that is YAML and a mapping; the first mistake is told with its line. */
function readStackFile(file: string): Document {
    const document = parseDocument(readFileSync(file, "utf8"));
    const [mistake] = document.errors;
    if (mistake !== undefined) {
        const [what = ""] = mistake.message.split(/ at line |\n/);
        throw new UserError(`${file}:${mistake.linePos?.[0].line ?? 1}: ${what}`);
    }
    if (document.contents !== null && !isMap(document.contents)) {
        throw new UserError(
            `${file}:1: a stack file is a mapping with the key \`config\`: see stacks/platform.schema.json`,
        );
    }
    return document;
}

/**
 * Pulumi writes an encryption salt into the stack file. The local stack's belongs to this machine, so Pulumi gets a
 * working copy in the user's data folder: the author's file plus the salt.
 *
 * @returns the working copy.
 */
export function workingCopy(project: Project, stack: string): string {
    const copy = workingCopyPath(project.name, stack);
    const document = readStackFile(sourceOf(project, stack));
    takeOver(copy, document);
    writeAtomically(copy, document.toString());
    return copy;
}

/** A value of `mlp:platform` in place of the stack file's, for one run. */
export interface Override {
    readonly path: readonly string[];
    readonly value: unknown;
}

/**
 * Puts values into the working copy, until it is copied again. Pulumi's own `--config` would not do: by a path it
 * replaces the whole of `mlp:platform`.
 */
export function overrideIn(project: Project, stack: string, overrides: readonly Override[]): void {
    const copy = workingCopyPath(project.name, stack);
    const document = readStackFile(copy);
    for (const { path, value } of overrides) document.setIn(["config", "mlp:platform", ...path], value);
    writeAtomically(copy, document.toString());
}

/** Takes the salt that Pulumi wrote into `file` over into the working copy. */
export function keepSalt(project: Project, stack: string, file: string): void {
    const document = readStackFile(sourceOf(project, stack));
    takeOver(file, document);
    writeAtomically(workingCopyPath(project.name, stack), document.toString());
}

/** What Pulumi writes into a stack file about its secrets, by whichever provider keeps them. */
const OF_SECRETS = ["encryptionsalt", "encryptedkey", "secretsprovider"];

// What the author wrote comes first: several people may share the stack.
function takeOver(file: string, document: Document): void {
    if (!existsSync(file)) return;
    const made = readStackFile(file);
    for (const key of OF_SECRETS) {
        if (made.has(key) && !document.has(key)) document.set(key, made.get(key));
    }
}

/** Who keeps the secrets of a stack, such as `awskms://alias/pulumi`; undefined: a passphrase. */
export function secretsProviderOf(project: Project, stack: string): string | undefined {
    const provider: unknown = readStackFile(sourceOf(project, stack)).get("secretsprovider");
    return typeof provider === "string" ? provider : undefined;
}

/** Where {@link workingCopy} puts it. */
export function workingCopyPath(project: string, stack: string): string {
    return dataDir("stacks", project, `Pulumi.${stack}.yaml`);
}

/** The generated passphrase of local stacks: made once, readable by its owner alone. */
export function passphraseFile(): string {
    const file = dataDir("passphrase");
    if (existsSync(file)) return file;
    const draft = writeDraft(file, `${randomBytes(24).toString("base64url")}\n`);
    try {
        // Unlike a rename, a link never replaces the passphrase that another process has made and used meanwhile.
        linkSync(draft, file);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
        rmSync(draft);
    }
    return file;
}

function writeAtomically(file: string, text: string): void {
    renameSync(writeDraft(file, text), file);
}

function writeDraft(file: string, text: string): string {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, text, { mode: 0o600 });
    return draft;
}
