import { existsSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";

import { PlatformSpec } from "../infra/resolve";
import { ToolchainError } from "../toolchain/bootstrap";
import { GO_CURE, goVersion, requireGo } from "../toolchain/bootstrap/go-build";
import { ClusterError, clusterStatus } from "../toolchain/cluster";
import { portOfKubeconfig } from "../toolchain/cluster/kubeconfig";
import { hostLayout } from "../toolchain/cluster/layout";
import { chooseApiPort, mayMakeNamespaces } from "../toolchain/cluster/preconditions";
import { cacheDir, dataDir } from "../toolchain/paths";
import { UserError } from "./errors";

type ClusterKind = PlatformSpec["cluster"]["kind"];

/** What is needed of the machine and nothing can build. */
export interface HostCheck {
    readonly name: string;
    readonly found: string;
    /** What to do; undefined when all is well. */
    readonly cure?: string;
}

/** What there is to check; a test gives its own. */
export interface Host {
    readonly node: string;
    readonly platform: string;
    readonly architecture: string;
    readonly uid: number | undefined;
    readonly mayMakeNamespaces: boolean;
    /** Go's version, with the cure where it will not do. */
    readonly go: { readonly found: string; readonly cure?: string };
    readonly cache: {
        readonly folder: string;
        readonly freeGigabytes: number;
        /** Whether nothing has been built yet. */
        readonly cold: boolean;
    };
    /** The API server's port, with the cure where it cannot be used. */
    readonly port: { readonly found: string; readonly cure?: string };
}

const ELSEWHERE = "or name another cluster by `cluster.kind: existing` in the stack file";

/** Go's build cache, its unfinished folders and the images of a first `up`. */
const COLD_GIGABYTES = 15;

/** Checks that take no time, so that nobody waits for a build to learn of them. Pure. */
export function hostChecks(host: Host, kind: ClusterKind = "embedded"): HostCheck[] {
    const [major = 0, minor = 0] = host.node.split(".").map(Number);
    const newEnough = major > 20 || (major === 20 && minor >= 20);
    return [
        check("Node.js", host.node, newEnough, "install Node.js 20.20 or newer"),
        { name: "Go", ...host.go },
        ...(kind === "embedded" ? embeddedChecks(host) : []),
    ];
}

function embeddedChecks(host: Host): HostCheck[] {
    const root = host.uid === 0;
    const { folder, freeGigabytes, cold } = host.cache;
    const known = ["x64", "arm64"].includes(host.architecture);
    return [
        check("operating system", host.platform, host.platform === "linux", `use a Linux machine, ${ELSEWHERE}`),
        check("architecture", host.architecture, known, `use a machine of x64 or arm64, ${ELSEWHERE}`),
        check("root", root ? "yes" : "no", root, `run it as root: it makes namespaces; ${ELSEWHERE}`),
        // Nobody but root has it, who needs to hear only one of the two.
        ...(root
            ? [
                  check(
                      "CAP_SYS_ADMIN",
                      host.mayMakeNamespaces ? "yes" : "no",
                      host.mayMakeNamespaces,
                      `run it outside the container, or in a privileged one; ${ELSEWHERE}`,
                  ),
              ]
            : []),
        check(
            "free disk",
            `${Math.floor(freeGigabytes)} GB for ${folder}`,
            !cold || freeGigabytes >= COLD_GIGABYTES,
            `free some: the first build needs about ${COLD_GIGABYTES} GB; or point XDG_CACHE_HOME elsewhere`,
        ),
        { name: "API server's port", ...host.port },
    ];
}

function check(name: string, found: string, right: boolean, cure: string): HostCheck {
    return right ? { name, found } : { name, found, cure };
}

/** @throws UserError with everything that this machine lacks for a cluster of that kind. */
export async function requireHost(kind: ClusterKind): Promise<void> {
    const wrong = hostChecks(await thisHost(), kind).filter(({ cure }) => cure !== undefined);
    if (wrong.length === 0) return;
    throw new UserError(wrong.map(({ name, found, cure }) => `${name}: ${found}; ${cure ?? ""}.`).join("\n"));
}

export async function thisHost(): Promise<Host> {
    const { platform } = process;
    return {
        node: process.versions.node,
        platform,
        architecture: process.arch,
        uid: process.getuid?.(),
        mayMakeNamespaces: platform === "linux" && mayMakeNamespaces(readFileSync("/proc/self/status", "utf8")),
        go: go(),
        cache: { folder: cacheDir(), freeGigabytes: freeGigabytes(cacheDir()), cold: !existsSync(cacheDir("bin")) },
        port: await port(),
    };
}

function go(): Host["go"] {
    try {
        return { found: requireGo() };
    } catch (error) {
        if (!(error instanceof ToolchainError)) throw error;
        return { found: goVersion() ?? "missing", cure: GO_CURE };
    }
}

function freeGigabytes(folder: string): number {
    if (!existsSync(folder)) return freeGigabytes(dirname(folder));
    const { bavail, bsize } = statfsSync(folder);
    return (bavail * bsize) / 1e9;
}

async function port(): Promise<Host["port"]> {
    try {
        const { kubeconfig } = hostLayout(dataDir("cluster"));
        const chosen = chooseApiPort(undefined, process.env.MLP_API_PORT, portOfKubeconfig(kubeconfig));
        const address = `127.0.0.1:${chosen}`;
        const cluster = await clusterStatus();
        const ours = cluster.state === "running" && cluster.info.apiUrl === `https://${address}`;
        // One that is just starting or stopping is waited for.
        if (ours || cluster.state === "starting" || cluster.state === "stopping") return { found: address };
        const refusal = await refusalOf(chosen);
        if (refusal === undefined) return { found: address };
        const cure = "end the program that listens there, or choose a free port with MLP_API_PORT=<port>";
        return { found: `${address} ${refusal === "EADDRINUSE" ? "is taken" : `is refused (${refusal})`}`, cure };
    } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        return { found: process.env.MLP_API_PORT ?? "none", cure: error.message.replace(/\.$/, "") };
    }
}

/** The code of the error with which the system refuses to listen; undefined where it lets us. */
function refusalOf(number: number): Promise<string | undefined> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
        server.listen(number, "127.0.0.1", () => server.close(() => resolve(undefined)));
    });
}
