import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDir } from "../paths";
import { withLock } from "./lock";
import type { Context } from "./piece";
import type { Step } from "../progress";

/** A folder of the cache whose name is the hash of all that decides its content. */
export interface Entry {
    readonly kind: "bin" | "images";
    readonly name: string;
    readonly key: string;
}

/** Older keys are kept, so that going back to another branch costs nothing. */
const KEPT_KEYS = 3;

const UNFINISHED = ".unfinished-";

export function entryPath({ kind, name, key }: Entry): string {
    return cacheDir(kind, name, key);
}

/** Whether the entry is there. It is complete then: it came into being by a rename. */
export function hasEntry(entry: Entry): boolean {
    return existsSync(entryPath(entry));
}

export function logPath(name: string): string {
    return cacheDir("logs", `${name}.log`);
}

/**
 * Makes the entry unless it is there: `build` fills a folder beside it, which is then renamed. Returns whether it had
 * to be made. Interrupted builds leave only an unfinished folder, which the next build of that name removes.
 */
export async function ensureEntry(
    entry: Entry,
    { signal }: Pick<Context, "signal">,
    step: Step,
    build: (folder: string) => Promise<void>,
): Promise<boolean> {
    const path = entryPath(entry);
    if (hasEntry(entry)) {
        touch(path);
        return false;
    }
    const onWait = (pid: number) => step.waiting(`process ${pid} is making it already, waiting for it`);
    return withLock(cacheDir("locks", `${entry.kind}-${entry.name}`), { signal, onWait }, async () => {
        if (hasEntry(entry)) return false;
        const parent = dirname(path);
        removeUnfinished(parent);
        rmSync(logPath(entry.name), { force: true });
        const folder = join(parent, `${UNFINISHED}${randomUUID()}`);
        mkdirSync(folder, { recursive: true });
        try {
            await build(folder);
            renameSync(folder, path);
        } catch (error) {
            rmSync(folder, { recursive: true, force: true });
            // Another machine's process, whose locks mean nothing here, may share the cache and have been quicker.
            if (hasEntry(entry)) return false;
            throw error;
        }
        removeOldKeys(parent);
        return true;
    });
}

/** A short key of everything given, order included. */
export function contentKey(...parts: readonly string[]): string {
    const hash = createHash("sha256");
    // The length in front keeps ("ab", "c") and ("a", "bc") apart.
    for (const part of parts) hash.update(`${part.length}:`).update(part);
    return hash.digest("hex").slice(0, 20);
}

/** The names and contents of all files of ours below a folder, for a key. */
export function filesBelow(folder: string): string[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((item) => item.isFile())
        .map((item) => join(item.parentPath, item.name))
        .filter((path) => !path.includes("/node_modules/"))
        .sort()
        .flatMap((path) => [path.slice(folder.length), readFileSync(path, "utf8")]);
}

function removeUnfinished(parent: string): void {
    if (!existsSync(parent)) return;
    for (const name of readdirSync(parent)) {
        if (name.startsWith(UNFINISHED)) rmSync(join(parent, name), { recursive: true, force: true });
    }
}

function removeOldKeys(parent: string): void {
    const keys = readdirSync(parent).filter((name) => !name.startsWith("."));
    const newestFirst = keys
        .map((key) => ({ key, used: statSync(join(parent, key)).mtimeMs }))
        .sort((a, b) => b.used - a.used);
    for (const { key } of newestFirst.slice(KEPT_KEYS)) rmSync(join(parent, key), { recursive: true, force: true });
}

// The time of last use decides which old keys go.
function touch(path: string): void {
    const now = new Date();
    utimesSync(path, now, now);
}
