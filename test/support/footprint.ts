import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Whatever a cluster could leave on a machine, as lines that can be compared. */
export function footprint(): Set<string> {
    return new Set([...processes(), ...mounts(), ...cgroups(), ...links(), ...networkNamespaces()]);
}

/** What is there now and was not before. */
export function newIn(now: ReadonlySet<string>, before: ReadonlySet<string>): string[] {
    return [...now].filter((one) => !before.has(one));
}

/** Processes of the cluster's kinds, wherever they run; other people's processes come and go. */
function processes(): string[] {
    const ours = /^(etcd|kube-|kubelet|coredns|containerd|runc|pause|unshare|manager|metrics-server)/;
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
            const command = read(join("/proc", pid, "comm")).trim();
            return ours.test(command) ? [`process ${pid} ${command}`] : [];
        });
}

function mounts(): string[] {
    return read("/proc/self/mounts")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => `mount ${line.split(" ").slice(0, 3).join(" ")}`);
}

function cgroups(): string[] {
    const root = "/sys/fs/cgroup";
    const walk = (directory: string, depth: number): string[] =>
        depth === 0 || !existsSync(directory)
            ? []
            : readdirSync(directory, { withFileTypes: true })
                  .filter((entry) => entry.isDirectory())
                  .flatMap(({ name }) => [
                      `cgroup ${join(directory, name)}`,
                      ...walk(join(directory, name), depth - 1),
                  ]);
    return walk(root, 3);
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

/** Network namespaces in which some process lives. */
function networkNamespaces(): string[] {
    return [
        ...new Set(
            readdirSync("/proc")
                .filter((name) => /^\d+$/.test(name))
                .flatMap((pid) => {
                    try {
                        return [readlinkSync(join("/proc", pid, "ns", "net"))];
                    } catch {
                        return [];
                    }
                }),
        ),
    ].map((name) => `network namespace ${name}`);
}
