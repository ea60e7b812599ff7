import { expandHome } from "../infra/kubeconfig-file";
import { resolve as resolvePlatform, PlatformSpec } from "../infra/resolve";
import { Layer } from "../infra/spec";
import { surroundingsOf } from "../infra/stack-file";
import { references } from "../images/catalogue";
import { bootstrap, Bootstrap, localPieces, PieceName } from "../toolchain/bootstrap";
import { ClusterBinary, ClusterInfo, clusterStatus, startCluster } from "../toolchain/cluster";
import { Progress } from "../toolchain/progress";
import { UserError } from "./errors";
import { PLATFORM, platformConfig } from "./stack-files";

export interface SpecOptions {
    /** In place of the stack file's. */
    readonly layer?: Layer;
    /** Whether images must stand in a registry where the cluster pulls from one. Default: true. */
    readonly locked?: boolean;
}

/** What `resolve` makes of a stack file: mistakes end the command before anything is built or changed. */
export function specOf(stack: string, { layer, locked = true }: SpecOptions = {}): PlatformSpec {
    const written = platformConfig(stack);
    const input = layer === undefined || typeof written !== "object" ? written : { ...written, layer };
    const { lock, ...surroundings } = surroundingsOf(input, PLATFORM.stacks);
    return resolvePlatform(input, references(), { ...surroundings, ...(locked && lock && { lock }) });
}

/** Path of the kubeconfig of a cluster that others made; undefined where the stack file leaves it to the shell. */
export function kubeconfigOf(cluster: PlatformSpec["cluster"]): string | undefined {
    return cluster.kind === "existing" && cluster.kubeconfig !== undefined ? expandHome(cluster.kubeconfig) : undefined;
}

/** What Pulumi and kubectl need on this machine; the whole of it for a platform on somebody else's cluster. */
export const ENGINE_PIECES = [
    "language-host",
    "provider-kubernetes",
    "provider-random",
    "provider-tls",
    "pulumi",
    "kubectl",
] as const satisfies readonly PieceName[];

/** What else Pulumi needs where the program makes the cluster. */
const AWS_PIECES = ["provider-aws", "provider-eks"] as const satisfies readonly PieceName[];

/** The pieces that a platform needs of this machine. */
export function piecesFor({ cluster, usedImages }: PlatformSpec): readonly PieceName[] {
    const pieces: Record<PlatformSpec["cluster"]["kind"], readonly PieceName[]> = {
        embedded: localPieces(usedImages),
        existing: ENGINE_PIECES,
        eks: [...ENGINE_PIECES, ...AWS_PIECES],
    };
    return pieces[cluster.kind];
}

/** What of them commands need that only ask: of a local platform neither cluster nor images. */
export function enginePiecesFor(spec: PlatformSpec): readonly PieceName[] {
    return spec.cluster.kind === "embedded" ? ENGINE_PIECES : piecesFor(spec);
}

/** Whose backend and passphrase count: a local stack is this machine's alone, others may be shared. */
export function usersEnvironment({ environment }: PlatformSpec): NodeJS.ProcessEnv {
    return environment === "local" ? {} : process.env;
}

/** Brings the tools up, stopping cleanly at Ctrl-C. */
export async function tools(progress: Progress, only?: readonly PieceName[]): Promise<Bootstrap> {
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    try {
        return await bootstrap({ progress, signal: stop.signal, ...(only && { only }) });
    } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
}

/** Starts the embedded cluster, or finds it running. */
export async function cluster(
    { binaries: all, images }: Bootstrap,
    progress: Progress,
    { networkPolicies = false }: { readonly networkPolicies?: boolean } = {},
): Promise<ClusterInfo> {
    const names = [
        "coredns",
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-proxy",
        "kube-scheduler",
        "kubelet",
    ] as const;
    const binaries = Object.fromEntries(names.map((name) => [name, all[name]])) as Record<ClusterBinary, string>;
    const step = progress.start("embedded cluster");
    try {
        const info = await startCluster({
            binaries,
            images,
            networkPolicies,
            progress: (line) => step.waiting(line),
        });
        step.done(info.alreadyRunning ? `found running at ${info.apiUrl}` : `started at ${info.apiUrl}`);
        return info;
    } catch (error) {
        step.failed("did not start");
        throw error;
    }
}

/** The kubeconfig of the embedded cluster while it runs. */
export async function runningCluster(): Promise<ClusterInfo | undefined> {
    const status = await clusterStatus();
    return status.state === "running" ? status.info : undefined;
}

/** {@link runningCluster}, for what makes no sense without; asked before anything is built for it. */
export async function requireRunningCluster(): Promise<ClusterInfo> {
    const info = await runningCluster();
    if (info === undefined) throw new UserError("The embedded cluster is stopped: run `npm run up` first.");
    return info;
}
