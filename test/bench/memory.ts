import { readdirSync, readFileSync } from "node:fs";

/** Proportional set size, in MiB, of a process and all that descend from it, in whatever namespaces. */
export function memoryOf(root: number): number {
    const parents = new Map(
        readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .map((name) => [Number(name), parentOf(name)] as const),
    );
    const descends = (pid: number | undefined): boolean =>
        pid !== undefined && pid !== 0 && (pid === root || descends(parents.get(pid)));
    const kibibytes = [...parents.keys()].filter(descends).map(pssOf);
    return kibibytes.reduce((sum, one) => sum + one, 0) / 1024;
}

function parentOf(pid: string): number | undefined {
    // The command's name stands in brackets and may hold anything.
    const [, parent] = /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
    return parent === undefined ? undefined : Number(parent);
}

function pssOf(pid: number): number {
    const [, pss] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
    return Number(pss ?? 0);
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return ""; // It ended while we looked.
    }
}
