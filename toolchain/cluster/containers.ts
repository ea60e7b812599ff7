import { readdirSync, readFileSync } from "node:fs";

/** First processes of containers: the children of containerd's shims. */
export function containerProcesses(): number[] {
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const parents = new Map(processes.map((pid) => [Number(pid), stat(pid)]));
    return [...parents].flatMap(([pid, own]) => {
        const parent = own === undefined ? undefined : parents.get(own.parent);
        return parent?.command.startsWith("containerd-shim") === true ? [pid] : [];
    });
}

function stat(pid: string): { command: string; parent: number } | undefined {
    try {
        // The command stands in brackets and may hold anything: the fields begin after the last one.
        const text = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return { command: text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")), parent: Number(parent) };
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}

/**
 * Asks all containers to end, so that a database can close its files, and waits until they have or time is up. Those
 * that do not listen are not waited for: the kernel spares the first process of a namespace signals it does not catch.
 */
export async function endContainers(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    const asked = containerProcesses().filter(catchesTerm);
    for (const pid of asked) signal(pid);
    while (asked.some((pid) => stat(String(pid)) !== undefined) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

const SIGTERM_BIT = 1n << 14n;

function catchesTerm(pid: number): boolean {
    try {
        const [, caught = "0"] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
        return (BigInt(`0x${caught}`) & SIGTERM_BIT) !== 0n;
    } catch (error) {
        if (isGone(error)) return false;
        throw error;
    }
}

function isGone(error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ESRCH";
}

function signal(pid: number): void {
    try {
        process.kill(pid, "SIGTERM");
    } catch (error) {
        if (!isGone(error)) throw error;
    }
}
