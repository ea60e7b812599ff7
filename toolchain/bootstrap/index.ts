/** Makes everything that a bare machine lacks: idempotent, cached, safe to interrupt and to start twice. */
import { catalogue } from "../../images/catalogue";
import { silentProgress, type Progress } from "../progress";
import { allOrFirstFailure } from "./first-failure";
import { goVersion } from "./go-build";
import { binaryPath } from "./go-pieces";
import { productOf, type GoBinary } from "./go-products";
import type { ImageArchive } from "./oci/image";
import type { Origin, PieceName, PieceStatus, PluginName } from "./piece";
import { imageNames, Pieces } from "./pieces";
import { awsProviderNames, providerNames } from "./plugin-kinds";
import { pulumiHome } from "./pulumi-home";

export { placeAwsCli } from "./aws-cli";
export { Interrupted, ToolchainError } from "./errors";
export type { GoBinary, GoProduct } from "./go-products";
export type { ImageArchive } from "./oci/image";
export type { Origin, PieceName, PieceStatus, PluginName, ProviderName } from "./piece";

export interface BootstrapOptions {
    readonly progress: Progress;
    /** Only these pieces and what they need; by default all that the local platform needs. */
    readonly only?: readonly PieceName[];
    readonly signal?: AbortSignal;
}

/** What is there afterwards. Everything is a place in the cache; a piece that was not asked for may be absent there. */
export interface Bootstrap {
    /** For the variable PULUMI_HOME: the plugins are there. */
    readonly pulumiHome: string;
    /** The folder that holds `pulumi`; empty where the CLI was not asked for. */
    readonly pulumiBin: string;
    readonly binaries: Readonly<Record<GoBinary, string>>;
    readonly images: readonly ImageArchive[];
    /** Whether each plugin that was asked for is the official one or a stand-in. */
    readonly plugins: Readonly<Partial<Record<PluginName, Origin>>>;
}

/** What the local platform needs, in the order in which it is started. */
export const platformPieces: readonly PieceName[] = [
    "distribution-packages",
    "language-host",
    ...providerNames.map((name): PieceName => `provider-${name}`),
    "etcd",
    "kubernetes",
    "kubectl",
    "coredns",
    ...imageNames.filter((name) => runsInCluster(name)).map((name): PieceName => `image-${name}`),
    "pulumi",
];

/** Images that the embedded cluster itself runs, and what pods of users' jobs do whatever else there is. */
const CLUSTER_IMAGES: readonly string[] = [
    "debian-trixie",
    "local-path-provisioner",
    "metrics-server",
    "pause",
    "pipeline-steps",
    "simulated-gpu-plugin",
];

/** What a local platform needs that runs `images`, of the catalogue's names: what is switched off is not made. */
export function localPieces(images: readonly string[]): PieceName[] {
    const wanted = new Set([...CLUSTER_IMAGES, ...images].map((name) => `image-${name}`));
    return platformPieces.filter((piece) => !piece.startsWith("image-") || wanted.has(piece));
}

/** What a stack on AWS needs beside the engine's other pieces. */
export const EKS_PIECES: readonly PieceName[] = awsProviderNames.map((name): PieceName => `provider-${name}`);

/** Brings the pieces up. The first failure stops everything else. */
export async function bootstrap({ progress, only, signal }: BootstrapOptions): Promise<Bootstrap> {
    const wanted = only ?? platformPieces;
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    const pieces = new Pieces({ progress, signal: stop.signal });
    try {
        // What needs root comes first: nobody should wait ten minutes to learn that.
        if (wanted.includes("distribution-packages")) await pieces.named("distribution-packages").ensure();
        await allOrFirstFailure(
            wanted.map((name) => pieces.named(name).ensure()),
            stop,
        );
        return await resultOf(wanted, pieces);
    } finally {
        signal?.removeEventListener("abort", onAbort);
    }
}

/** The state of every piece of the local platform, for `mlp doctor`. Changes nothing. */
export async function inspect(names: readonly PieceName[] = platformPieces): Promise<PieceStatus[]> {
    const pieces = new Pieces({ progress: silentProgress, signal: new AbortController().signal });
    return Promise.all(names.map((name) => pieces.named(name).inspect()));
}

async function resultOf(wanted: readonly PieceName[], pieces: Pieces): Promise<Bootstrap> {
    const go = goVersion() ?? "";
    const binaries = (Object.keys(productOf) as GoBinary[]).map((name) => [name, binaryPath(name, go)]);
    const images = [...pieces.images].filter(([name]) => wanted.includes(`image-${name}`));
    const plugins = [...pieces.plugins].filter(([name]) => wanted.includes(name));
    return {
        pulumiHome: pulumiHome(),
        pulumiBin: wanted.includes("pulumi") ? await pieces.pulumi.ensure() : "",
        binaries: Object.fromEntries(binaries) as Record<GoBinary, string>,
        images: await Promise.all(images.map(([, image]) => image.ensure())),
        plugins: Object.fromEntries(
            await Promise.all(plugins.map(async ([name, plugin]) => [name, await plugin.ensure()] as const)),
        ),
    };
}

// What is only ever pulled has no place on a machine without a registry; bases also run, as storage helpers.
function runsInCluster(name: keyof typeof catalogue): boolean {
    const { kind } = catalogue[name].recipe;
    return kind !== "pull";
}
