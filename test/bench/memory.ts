import { readdirSync, readFileSync } from "node:fs";

/** Proportional set size, in MiB, of a process and all that descend from it, in whatever namespaces. */
export function memoryOf(root: number): number {
    const kibibytes = [root, ...descendantsOf(root)].map(pssOf);
    return kibibytes.reduce((sum, one) => sum + one, 0) / 1024;
}

/** Process ids of all that descend from a process. */
export function descendantsOf(root: number): number[] {
    const parents = new Map(
        readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .map((name) => [Number(name), parentOf(Number(name))] as const),
    );
    const descends = (pid: number | undefined): boolean =>
        pid !== undefined && pid !== 0 && (pid === root || descends(parents.get(pid)));
    return [...parents.keys()].filter((pid) => pid !== root && descends(pid));
}

function parentOf(pid: number): number | undefined {
    // The command's name stands in brackets and may hold anything.
    const [, parent] = /\) \S (\d+)/.exec(procFile(pid, "stat")) ?? [];
    return parent === undefined ? undefined : Number(parent);
}

function pssOf(pid: number): number {
    const [, pss] = /^Pss:\s+(\d+) kB$/m.exec(procFile(pid, "smaps_rollup")) ?? [];
    return Number(pss ?? 0);
}

/** Resident memory of one process, in MiB, what it shares with others included; 0 when there is no such process. */
export function residentOf(pid: number): number {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(procFile(pid, "status")) ?? [];
    return Number(kibibytes ?? 0) / 1024;
}

export function procFile(pid: number, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
        return ""; // It ended while we looked.
    }
}
