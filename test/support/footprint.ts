import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Whatever a cluster could leave on a machine, as lines that can be compared. A network namespace lives on only in a
 * process, a mount or a name, and those are here.
 */
export function footprint(): Set<string> {
    return new Set([...processes(), ...mounts(), ...cgroups(), ...links()]);
}

/** What is there now and was not before. */
export function newIn(now: ReadonlySet<string>, before: ReadonlySet<string>): string[] {
    return [...now].filter((one) => !before.has(one));
}

/** Processes of the cluster's kinds, wherever they run; other people's processes come and go. */
function processes(): string[] {
    const ours = /^(etcd|kube-|kubelet|coredns|containerd|runc|pause|unshare|manager|metrics-server|kwok|karpenter)/;
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
            const command = read(join("/proc", pid, "comm")).trim();
            return ours.test(command) ? [`process ${pid} ${command}`] : [];
        });
}

/** Processes that were started with this data folder: keepers, engines, plugins and whatever they started. */
export function processesOf(data: string): string[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
        .flatMap((pid) => {
            const [environ, command] = [read(join("/proc", pid, "environ")), read(join("/proc", pid, "cmdline"))];
            const ours = environ.includes(`XDG_DATA_HOME=${data}\0`) || command.includes(data);
            return ours ? [`process ${pid} ${command.replaceAll("\0", " ").slice(0, 120)}`] : [];
        });
}

function mounts(): string[] {
    return read("/proc/self/mounts")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => `mount ${line.split(" ").slice(0, 3).join(" ")}`);
}

/** Cgroups of a cluster; a machine's own come and go. They hold one as deep as the session that started it. */
function cgroups(): string[] {
    const walk = (directory: string, depth: number): string[] =>
        depth === 0 || !existsSync(directory)
            ? []
            : readdirSync(directory, { withFileTypes: true })
                  .filter((entry) => entry.isDirectory())
                  .flatMap(({ name }) => [join(directory, name), ...walk(join(directory, name), depth - 1)]);
    return walk("/sys/fs/cgroup", 6)
        .filter((directory) => /\/mlp-cluster-[^/]+$/.test(directory))
        .map((directory) => `cgroup ${directory}`);
}

function links(): string[] {
    const named = existsSync("/run/netns") ? readdirSync("/run/netns").map((name) => `network namespace ${name}`) : [];
    return [...named, ...readdirSync("/sys/class/net").map((name) => `network link ${name}`)];
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return ""; // It ended while we looked.
    }
}
