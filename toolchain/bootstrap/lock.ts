import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Interrupted } from "./errors";

const POLL_MS = 200;

/** Who holds a lock. The start time tells a reused process id from the holder. */
interface Holder {
    readonly pid: number;
    readonly started: string;
    readonly token: string;
}

export interface LockOptions {
    readonly signal?: AbortSignal;
    /** Called once, with the holder's process id, when somebody else holds the lock. */
    readonly onWait?: (pid: number) => void;
}

/**
 * Runs `work` while holding the lock file `path`. A lock whose holder has died is taken over.
 *
 * Two processes could hold it at once only if three met within the microseconds of a take-over. What the lock guards
 * is put in place by an atomic rename, so even then all that is in place is whole.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
    const own: Holder = { pid: process.pid, started: processFields(process.pid)?.started ?? "", token: randomUUID() };
    await acquire(path, own, options);
    try {
        return await work();
    } finally {
        if (readHolder(path)?.token === own.token) rmSync(path, { force: true });
    }
}

async function acquire(path: string, own: Holder, { signal, onWait }: LockOptions): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    let told = false;
    while (!tryAcquire(path, own)) {
        if (signal?.aborted === true) throw new Interrupted();
        const holder = readHolder(path);
        if (holder === undefined) continue;
        if (!isAlive(holder)) {
            takeAway(path, holder);
            continue;
        }
        if (!told) onWait?.(holder.pid);
        told = true;
        await sleep(POLL_MS);
    }
}

// A hard link appears with its content: nobody ever reads a lock that is still empty.
function tryAcquire(path: string, own: Holder): boolean {
    const draft = `${path}.${own.token}`;
    writeFileSync(draft, JSON.stringify(own));
    try {
        linkSync(draft, path);
        return true;
    } catch (error) {
        if (isCode(error, "EEXIST")) return false;
        throw error;
    } finally {
        rmSync(draft, { force: true });
    }
}

// The lock may have changed hands since it was read: what was moved away is put back unless it is the stale one.
function takeAway(path: string, stale: Holder): void {
    const aside = `${path}.stale-${randomUUID()}`;
    try {
        renameSync(path, aside);
    } catch (error) {
        if (isCode(error, "ENOENT")) return;
        throw error;
    }
    try {
        if (readHolder(aside)?.token !== stale.token) linkSync(aside, path);
    } catch (error) {
        if (!isCode(error, "EEXIST")) throw error;
    } finally {
        rmSync(aside, { force: true });
    }
}

function readHolder(path: string): Holder | undefined {
    try {
        return JSON.parse(readFileSync(path, "utf8")) as Holder;
    } catch (error) {
        if (isCode(error, "ENOENT")) return undefined;
        // Not ours, or damaged by a full disk: nobody can hold it.
        if (error instanceof SyntaxError) return { pid: 0, started: "", token: "" };
        throw error;
    }
}

function isAlive({ pid, started }: Holder): boolean {
    if (pid <= 0) return false;
    try {
        process.kill(pid, 0);
    } catch (error) {
        // EPERM: it lives and belongs to somebody else.
        if (!isCode(error, "EPERM")) return false;
    }
    const fields = processFields(pid);
    if (fields === undefined || started === "") return true;
    return fields.state !== "Z" && fields.started === started;
}

/** A process's state and start time, where /proc tells them. */
function processFields(pid: number): { state: string; started: string } | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        // The command's name may hold spaces and brackets; the fields after it do not.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return { state: fields[0] ?? "", started: fields[19] ?? "" };
    } catch (error) {
        if (isCode(error, "ENOENT") || isCode(error, "ESRCH")) return undefined;
        throw error;
    }
}

function isCode(error: unknown, code: string): boolean {
    return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
