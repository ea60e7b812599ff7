import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the distribution's package puts the CNI plugins, and where others do. */
export const CNI_PLUGINS = ["/usr/lib/cni", "/opt/cni/bin"] as const;

/** A package of the distribution, and what shows that it is there: all of the commands, or one of the files. */
export interface DistributionPackage {
    readonly name: string;
    readonly commands?: readonly string[];
    readonly files?: readonly string[];
    /** Whether the embedded cluster runs it; the others make images. */
    readonly forCluster: boolean;
}

/** The node's runtime and network, and what makes images. */
export const DISTRIBUTION_PACKAGES: readonly DistributionPackage[] = [
    { name: "containerd", commands: ["containerd", "ctr"], forCluster: true },
    { name: "runc", commands: ["runc"], forCluster: true },
    {
        name: "containernetworking-plugins",
        files: CNI_PLUGINS.map((folder) => join(folder, "ptp")),
        forCluster: true,
    },
    { name: "iptables", commands: ["iptables"], forCluster: true },
    { name: "nftables", commands: ["nft"], forCluster: true },
    { name: "conntrack", commands: ["conntrack"], forCluster: true },
    { name: "iproute2", commands: ["ip"], forCluster: true },
    { name: "openssl", commands: ["openssl"], forCluster: true },
    { name: "bash", commands: ["bash"], forCluster: true },
    { name: "util-linux", commands: ["flock", "setpriv", "unshare"], forCluster: true },
    { name: "mount", commands: ["mount"], forCluster: true },
    { name: "mmdebstrap", commands: ["mmdebstrap"], forCluster: false },
    { name: "buildah", commands: ["buildah"], forCluster: false },
    {
        name: "debian-archive-keyring",
        files: ["/usr/share/keyrings/debian-archive-keyring.gpg"],
        forCluster: false,
    },
];

/** What carries images to a registry: installed by the first `mlp images push`, not by `mlp up`. */
export const REGISTRY_PACKAGES: readonly DistributionPackage[] = [
    { name: "skopeo", commands: ["skopeo"], forCluster: false },
];

// Debian keeps administrators' commands out of an ordinary user's PATH.
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The folders of PATH and the system's, each once. */
export function programFolders(): string[] {
    const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS];
    return [...new Set(folders.filter((folder) => folder !== ""))];
}

/** Whether this machine has what the package brings. */
export function hasPackage({ commands = [], files = [] }: DistributionPackage): boolean {
    const folders = programFolders();
    const isThere = (command: string) => folders.some((folder) => existsSync(join(folder, command)));
    return commands.every(isThere) && (files.length === 0 || files.some((file) => existsSync(file)));
}
