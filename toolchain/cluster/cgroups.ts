import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One cgroup tree that processes of this machine are in. */
export interface Hierarchy {
    /** `cpu,cpuacct`, `name=systemd`, or empty for the unified hierarchy of cgroup v2. */
    readonly controllers: string;
    /** Where the host has it mounted. */
    readonly mountPoint: string;
    /** Our own group in it, on the host. */
    readonly directory: string;
}

export interface CgroupPlan {
    readonly version: 1 | 2;
    readonly hierarchies: readonly Hierarchy[];
}

/**
 * Decides which cgroups to make, from /proc/self/cgroup and /proc/self/mountinfo.
 *
 * v1 (and hybrid, which counts as v1): one group per hierarchy, below the group that we are in, so that limits set on
 * us bind the cluster too. v2: one group at the root, because a group that holds processes cannot hand controllers on
 * to its children. The v2 branch follows kind's way and has never been run.
 */
export function planCgroups(procCgroup: string, mountinfo: string, name: string): CgroupPlan {
    const mounts = parseMounts(mountinfo);
    const unified = mounts.find(({ type }) => type === "cgroup2");
    const v1 = mounts.filter(({ type }) => type === "cgroup");
    if (v1.length === 0 && unified !== undefined) {
        return {
            version: 2,
            hierarchies: [
                { controllers: "", mountPoint: unified.mountPoint, directory: join(unified.mountPoint, name) },
            ],
        };
    }
    const hierarchies = procCgroup
        .trim()
        .split("\n")
        .flatMap((line): Hierarchy[] => {
            const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
            const mount = v1.find(({ options }) => sameControllers(options, controllers));
            if (controllers === "" || mount === undefined) return [];
            const below = path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
            return [{ controllers, mountPoint: mount.mountPoint, directory: join(mount.mountPoint, below, name) }];
        });
    return { version: 1, hierarchies };
}

interface CgroupMount {
    readonly root: string;
    readonly mountPoint: string;
    readonly type: string;
    readonly options: readonly string[];
}

function parseMounts(mountinfo: string): CgroupMount[] {
    return mountinfo.split("\n").flatMap((line) => {
        const [before, after] = line.split(" - ");
        const fields = before?.split(" ") ?? [];
        const [type = "", , options = ""] = after?.split(" ") ?? [];
        if (!type.startsWith("cgroup")) return [];
        const root = fields[3] ?? "/";
        return [{ root: root === "/" ? "" : root, mountPoint: fields[4] ?? "", type, options: options.split(",") }];
    });
}

function sameControllers(options: readonly string[], controllers: string): boolean {
    return controllers !== "" && controllers.split(",").every((controller) => options.includes(controller));
}

/** Makes the groups; a group that is there already is kept. */
export function createCgroups({ version, hierarchies }: CgroupPlan): void {
    for (const { controllers, mountPoint, directory } of hierarchies) {
        if (version === 2) handOnControllers(mountPoint);
        mkdirSync(directory, { recursive: true });
        if (controllers.split(",").includes("cpuset")) copyCpuset(directory);
    }
}

/** A new cpuset group of v1 is empty and takes no process until it has cpus and memory nodes. */
function copyCpuset(directory: string): void {
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        const parent = readFileSync(join(directory, "..", file), "utf8").trim();
        writeFileSync(join(directory, file), parent);
    }
}

/** Lets children of a v2 group use every controller that the group itself has. */
export function handOnControllers(group: string): void {
    const has = (file: string) => readFileSync(join(group, file), "utf8").trim().split(/\s+/).filter(Boolean);
    const missing = has("cgroup.controllers").filter((c) => !has("cgroup.subtree_control").includes(c));
    for (const controller of missing) writeFileSync(join(group, "cgroup.subtree_control"), `+${controller}`);
}

/** Processes in the groups and in all groups below them. */
export function processesIn(directories: readonly string[]): number[] {
    const pids = directories
        .flatMap((directory) => subtree(directory))
        .flatMap((group) => {
            try {
                return readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
            } catch (error) {
                if (isGone(error)) return [];
                throw error;
            }
        });
    return [...new Set(pids)].filter((pid) => pid > 0);
}

/** Removes the groups and all below them, after ending whatever still runs in them. Returns what could not go. */
export async function removeCgroups(directories: readonly string[], patienceMs = 10_000): Promise<string[]> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
        for (const pid of processesIn(directories)) endProcess(pid);
        const left = directories.filter((directory) => !removeSubtree(directory));
        if (left.length === 0 || Date.now() > deadline) return left;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

function endProcess(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}

function removeSubtree(directory: string): boolean {
    for (const group of subtree(directory).reverse()) {
        try {
            rmdirSync(group);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
            if (!isGone(error)) throw error;
        }
    }
    return !existsSync(directory);
}

/** A group and all below it, parents first. */
function subtree(directory: string): string[] {
    try {
        const children = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
        return [directory, ...children.flatMap(({ name }) => subtree(join(directory, name)))];
    } catch (error) {
        if (isGone(error)) return [];
        throw error;
    }
}

function isGone(error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENODEV";
}
