import { join } from "node:path";

import { Hierarchy } from "./cgroups";
import { net, node, nodeMounts, NODE_NAME } from "./layout";

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Host-wide settings that the kubelet wants to write; a scratch file over each takes the write instead. */
const SHADOWED_SETTINGS: Readonly<Record<string, string>> = {
    "/proc/sys/vm/overcommit_memory": "1",
    "/proc/sys/kernel/panic": "10",
    "/proc/sys/kernel/panic_on_oops": "1",
    "/proc/sys/kernel/keys/root_maxkeys": "1000000",
    "/proc/sys/kernel/keys/root_maxbytes": "25000000",
};

/** Folders to which programs write by convention: a layer in memory over each keeps that from the host. */
const OVERLAID = ["/etc", "/var/lib", "/usr/libexec"];

/** Commands that give the namespace its own file tree. `state` is the state's folder on the host. */
export function mountCommands(state: string): Command[] {
    return [
        // /mnt is a stepping stone: the state may lie in a folder that one of the next mounts hides.
        ["mount", "--bind", state, "/mnt"],
        ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"],
        ["mkdir", "-p", node.state, "/run/lock", node.config, node.cniConfig],
        ["mount", "--bind", "/mnt", node.state],
        ["umount", "/mnt"],
        ...OVERLAID.flatMap(overlay),
        ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/log"],
        ...nodeMounts.flatMap(({ folder, at }): Command[] => [
            ["mkdir", "-p", join(node.state, folder), at],
            ["mount", "--bind", join(node.state, folder), at],
        ]),
        ...Object.entries(SHADOWED_SETTINGS).flatMap(([setting, value]) => shadow(setting, value)),
    ];
}

function overlay(folder: string): Command[] {
    const layer = join("/run/overlay", folder);
    const [upper, work] = [join(layer, "upper"), join(layer, "work")];
    return [
        ["mkdir", "-p", upper, work],
        ["mount", "-t", "overlay", "overlay", "-o", `lowerdir=${folder},upperdir=${upper},workdir=${work}`, folder],
    ];
}

function shadow(setting: string, value: string): Command[] {
    const scratch = join("/run/settings", setting.replaceAll("/", "_"));
    return [
        ["mkdir", "-p", "/run/settings"],
        ["bash", "-c", 'echo "$1" > "$2"', "shadow", value, scratch],
        ["mount", "--bind", scratch, setting],
    ];
}

/** Commands that give the namespace its own /sys with the cgroups remounted at our own group as their root. */
export function cgroupCommands(version: 1 | 2, hierarchies: readonly Hierarchy[]): Command[] {
    const sys: Command[] = [
        ["umount", "-R", "-l", "/sys"],
        ["mount", "-t", "sysfs", "sysfs", "/sys"],
    ];
    if (version === 2) return [...sys, ["mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"]];
    return [
        ...sys,
        ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/sys/fs/cgroup"],
        ...hierarchies.flatMap(({ controllers }) => mountV1(controllers)),
    ];
}

function mountV1(controllers: string): Command[] {
    const named = controllers.startsWith("name=");
    const at = join("/sys/fs/cgroup", controllers.replace(/^name=/, ""));
    const aliases = controllers.includes(",") ? controllers.split(",") : [];
    return [
        ["mkdir", "-p", at],
        ["mount", "-t", "cgroup", "-o", named ? `none,${controllers}` : controllers, "cgroup", at],
        ...aliases.map((alias): Command => ["ln", "-s", controllers, join("/sys/fs/cgroup", alias)]),
    ];
}

/** The last mount command: volumes with mount propagation need a shared tree. */
export const shareMounts: Command = ["mount", "--make-rshared", "/"];

/** Commands that set up the network: a veth pair carries the node's address, services are routed to it, no way out. */
export function networkCommands(): Command[] {
    return [
        ["hostname", NODE_NAME],
        ["ip", "link", "set", "lo", "up"],
        ["ip", "link", "add", "node0", "type", "veth", "peer", "name", "node0peer"],
        ["ip", "address", "add", `${net.nodeIp}/${net.nodePrefix}`, "dev", "node0"],
        ["ip", "link", "set", "node0peer", "up"],
        ["ip", "link", "set", "node0", "up"],
        ["ip", "route", "add", net.serviceRange, "dev", "node0"],
    ];
}

/** Files written once the tree is private. */
export function networkFiles(): Readonly<Record<string, string>> {
    return {
        "/proc/sys/net/ipv4/ip_forward": "1",
        "/etc/resolv.conf": `nameserver ${net.nodeIp}\nsearch svc.${net.domain} ${net.domain}\noptions ndots:5\n`,
        "/etc/hosts": `127.0.0.1 localhost\n${net.nodeIp} ${NODE_NAME}\n`,
    };
}
