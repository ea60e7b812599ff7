// Not called lock.ts: beside lock.json, Node and ts-node would take the JSON for it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { catalogue, referenceOf, type CatalogueEntry, type ImageName } from "./catalogue";

/** Where every cluster outside this machine pulls from. Written by `mlp images push` and `mlp images mirror`. */
export const LOCK_FILE = join(__dirname, "lock.json");

/** One image as it stands in the registry. */
export interface LockedImage {
    /** In the registry, with its tag. */
    readonly reference: string;
    /** `sha256:…` of the manifest. */
    readonly digest: string;
    /** The catalogue's reference when it was pushed: another one now means that the lock is stale. */
    readonly source?: string;
    /** Such as `linux/amd64`. */
    readonly platform?: string;
    /** `pulled` from its publisher, or `built` by our recipe. */
    readonly origin?: string;
}

export interface ImageLock {
    /** Registry and prefix of all its images; none where nothing was pushed yet. */
    readonly registry?: string;
    /** By the catalogue's names. */
    readonly images: Readonly<Record<string, LockedImage>>;
}

/** What is wrong with the lock, in the words of a configuration's problems. */
export interface LockProblem {
    readonly path: string;
    readonly found: unknown;
    readonly allowed: string;
    readonly fix: string;
}

const REFERENCE = /^[^\s@]+:[\w][\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The lock of this checkout. */
export function readLock(file: string = LOCK_FILE): ImageLock {
    return parseLock(readFileSync(file, "utf8"), file);
}

/**
 * Reads a lock.
 *
 * @throws Error naming `file` and the entry that is damaged: a merge may have left marks in it.
 */
export function parseLock(text: string, file: string): ImageLock {
    const damaged = (what: string) =>
        new Error(`${file}: ${what}. Restore it from git, or write it anew with \`mlp images push\` and \`mirror\`.`);
    let lock: unknown;
    try {
        lock = JSON.parse(text);
    } catch {
        throw damaged("it is not JSON");
    }
    if (!isRecord(lock) || !isRecord(lock.images)) throw damaged("it has no images");
    if (lock.registry !== undefined && typeof lock.registry !== "string") throw damaged("registry is not a text");
    const wrong = Object.entries(lock.images).find(([, image]) => !isLocked(image));
    if (wrong !== undefined) throw damaged(`images.${wrong[0]} has no reference with a tag, or no sha256 digest`);
    return lock as unknown as ImageLock;
}

/** The lock as it is written: sorted, so that equal content gives equal bytes. */
export function lockText({ registry, images }: ImageLock): string {
    const sorted: Record<string, unknown> = {};
    for (const name of Object.keys(images).sort()) sorted[name] = images[name];
    return `${JSON.stringify({ ...(registry !== undefined && { registry }), images: sorted }, null, 4)}\n`;
}

/** By catalogue name, `repository@sha256:…`: what manifests name outside this machine. */
export function lockedReferences({ images }: ImageLock): Record<string, string> {
    const pairs = Object.entries(images).map(([name, { reference, digest }]) => [
        name,
        `${withoutTag(reference)}@${digest}`,
    ]);
    return Object.fromEntries(pairs) as Record<string, string>;
}

/** Why images that are used cannot be taken from the lock; nothing where all of them can. */
export function missingFromLock(
    lock: ImageLock,
    names: readonly string[],
    entries: Readonly<Record<string, CatalogueEntry>> = catalogue,
): LockProblem[] {
    return names.flatMap((name): LockProblem[] => {
        const entry = entries[name];
        if (entry === undefined) return [];
        const path = `images/lock.json: images.${name}`;
        const fix = `Run \`mlp images ${verbOf(entry)} ${name} --to ${lock.registry ?? "REGISTRY"}\` and commit the lock.`;
        const locked = lock.images[name];
        if (locked === undefined)
            return [{ path, found: undefined, allowed: "an image of the registry, by digest", fix }];
        const source = referenceOf(entry);
        if (locked.source === undefined || locked.source === source) return [];
        return [{ path: `${path}.source`, found: locked.source, allowed: `the catalogue's ${source}`, fix }];
    });
}

/** Ours alone: published nowhere. */
export function isOwnImage({ repository }: Pick<CatalogueEntry, "repository">): boolean {
    return repository.startsWith(OWN);
}

/** The images that are ours, or those that others publish. */
export function imagesOf(kind: "own" | "upstream"): ImageName[] {
    const names = Object.keys(catalogue) as ImageName[];
    return names.filter((name) => isOwnImage(catalogue[name]) === (kind === "own"));
}

/**
 * The repository below the registry's prefix: ours by its name, others' by its publisher and name, so that no two meet.
 */
export function repositoryPath(entry: Pick<CatalogueEntry, "repository">): string {
    return isOwnImage(entry) ? entry.repository.slice(OWN.length) : entry.repository;
}

const OWN = "mlp.internal/";

function verbOf(entry: CatalogueEntry): string {
    return isOwnImage(entry) ? "push" : "mirror";
}

function withoutTag(reference: string): string {
    return reference.slice(0, reference.lastIndexOf(":"));
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLocked(image: unknown): boolean {
    if (!isRecord(image)) return false;
    const { reference, digest } = image;
    return (
        typeof reference === "string" && REFERENCE.test(reference) && typeof digest === "string" && DIGEST.test(digest)
    );
}
