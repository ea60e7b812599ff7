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
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ESRCH") return undefined;
        throw error;
    }
}

/** Asks all containers to end, so that a database can close its files, and waits until they have or time is up. */
export async function endContainers(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    for (const pid of containerProcesses()) signal(pid);
    while (containerProcesses().length > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

function signal(pid: number): void {
    try {
        process.kill(pid, "SIGTERM");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}
