import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";

import { DISTRIBUTION_PACKAGES, hasPackage, programFolders } from "../distribution-packages";
import { ClusterError, ImageArchive } from "./types";

/** A PATH that finds the distribution's programs for administrators too. */
export const PROGRAM_PATH = programFolders().join(delimiter);

const DEFAULT_API_PORT = 26443;

interface Needed {
    readonly binaries: Readonly<Record<string, string>>;
    readonly images: readonly ImageArchive[];
}

/** Refuses, with the cure, what could only fail later. */
export function checkPreconditions({ binaries, images }: Needed): void {
    if (process.getuid?.() !== 0) {
        throw new ClusterError(
            "The embedded cluster needs root, for namespaces and cgroups: run the command with sudo, or set KUBECONFIG to a cluster that you have.",
        );
    }
    if (!mayMakeNamespaces(readFileSync("/proc/self/status", "utf8"))) {
        throw new ClusterError(
            "The embedded cluster needs CAP_SYS_ADMIN, which this root does not have: run it outside the container, or in a privileged one.",
        );
    }
    const missing = DISTRIBUTION_PACKAGES.filter((needed) => needed.forCluster && !hasPackage(needed));
    if (missing.length > 0) {
        throw new ClusterError(
            `The embedded cluster needs distribution packages that are missing: run apt-get install --no-install-recommends ${missing.map(({ name }) => name).join(" ")}`,
        );
    }
    for (const [name, path] of Object.entries(binaries)) {
        if (!isExecutable(path))
            throw new ClusterError(`Program ${name} is not at ${path}: build it again with npm run up.`);
    }
    for (const { reference, archive } of images) {
        if (!existsSync(archive))
            throw new ClusterError(`Image ${reference} has no archive at ${archive}: build it again.`);
    }
}

const CAP_SYS_ADMIN = 1n << 21n;

/** Whether a process may make namespaces and mounts, by its /proc status. */
export function mayMakeNamespaces(status: string): boolean {
    const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
    return (BigInt(`0x${effective}`) & CAP_SYS_ADMIN) !== 0n;
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** The API server's port on loopback: the option, else MLP_API_PORT, else the port of last time, else the default. */
export function chooseApiPort(
    option: number | undefined,
    variable = process.env.MLP_API_PORT,
    lastTime: number | undefined = undefined,
): number {
    const unset = variable === undefined || variable === "";
    const port = option ?? (unset ? (lastTime ?? DEFAULT_API_PORT) : Number(variable));
    if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
    throw new ClusterError(`MLP_API_PORT: ${option ?? variable ?? lastTime} is not a port (allowed: 1 to 65535).`);
}

/** Whether policies are enforced: MLP_NETWORK_POLICIES, which is `1` or `0`, else the option, else not. */
export function chooseNetworkPolicies(option = false, variable = process.env.MLP_NETWORK_POLICIES): boolean {
    if (variable === undefined || variable === "") return option;
    if (variable === "0" || variable === "1") return variable === "1";
    throw new ClusterError(`MLP_NETWORK_POLICIES: ${variable} is neither 0 nor 1.`);
}
