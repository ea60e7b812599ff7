import { DEFAULT_LIFETIME, resolveLifetime } from "../components/certificates";
import { Scaling } from "../components/cluster/eks/args";
import { Cluster } from "../components/contracts";
import { InvalidConfiguration, Problem } from "../components/problems";
import { DEFAULT_RUNTIMES, Framework, resolveTraining, RuntimeImage } from "../components/training";
import { ImageLock } from "../images/image-lock";
import { checked } from "./checked";
import { ClusterConfig, PlatformConfig } from "./config";
import { ENVIRONMENTS } from "./environments";
import { supportedMinors } from "./kubernetes-support";
import type { AwsSpec } from "./resolve-eks";
import { resolveGpus } from "./resolve-gpus";
import { imageProblems, resolveImages } from "./resolve-images";
import { clusterSource, ClusterSource, parsePlatform } from "./resolve-layers";
import { notebooksProblems } from "./resolve-notebooks";
import { queueingOf } from "./resolve-queueing";
import { imagesOfServices, servicesOf, servicesProblems } from "./resolve-services";
import { ClusterSpec, PlatformSpec, ROOT, ServicesSpec } from "./spec";

export { TEAM_LABEL } from "../components/contracts";
export type { Environment, PlatformSpec } from "./spec";

/** What lies around a stack file and decides with it. */
export interface Surroundings {
    /** Images that stand in a registry: what a cluster on AWS pulls. */
    readonly lock?: ImageLock;
    /** The value of `mlp:platform` of stack `<environment>-cluster`, for a platform that stands on it. */
    readonly clusterStack?: unknown;
    /** Day that support is judged on. Default: the day of the run. */
    readonly today?: string;
}

/**
 * Turns what a stack file says into what is to be built. Pure: it reads no file and asks no cluster.
 *
 * @param input the value of `mlp:platform`
 * @param references image references by catalogue name
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolve(
    input: unknown,
    references: Readonly<Record<string, string>>,
    { lock, clusterStack, today }: Surroundings = {},
): PlatformSpec {
    const config = parsePlatform(input);
    const source = clusterSource(config, input, clusterStack);
    const aws = source.cluster.kind === "eks" ? eksHalf().resolveAws(source.cluster, source, today) : undefined;
    const lockOfUse = source.cluster.kind === "eks" ? lock : undefined;
    const images = resolveImages({ references, replaced: config.images, ...(lockOfUse && { lock: lockOfUse }) });
    const training = trainingOf(config, source.cluster);
    const made = aws?.ok === true ? aws.value : undefined;
    const pools = source.cluster.kind === "eks" ? made?.cluster.gpuPools : source.cluster.gpuPools;
    const queueing = queueingOf(config, pools, `${source.root}.cluster.gpuPools`);
    const services = servicesOf(config, source, queueing.ok ? queueing.value : undefined);
    const gpus = gpusOf(config, source.cluster, made, images);
    const used = [
        ...imagesUsed(config, training, gpus.used, made),
        ...(config.layer === "cluster" ? [] : imagesOfServices(services)),
    ];

    const problems = [
        ...clusterProblems(source),
        ...(aws?.problems ?? []),
        ...imageProblems({
            references,
            replaced: config.images,
            used,
            ...(lockOfUse && { lock: lockOfUse }),
        }),
        ...gpus.problems,
        ...servicesProblems(config, source),
        ...queueing.problems,
        ...notebooksProblems(config, pools),
        ...checked(() => resolveLifetime(training.certificates, `${ROOT}.training.certificates`)).problems,
        ...checked(() => resolveTraining({ ...training, images: { references: images } }, `${ROOT}.training`)).problems,
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return deepFreeze(specOf(config, source, { images, usedImages: used, training, ...services }, made));
}

/** Loaded where a cluster is on EKS alone: a local program would transpile twenty files for nothing. */
function eksHalf(): typeof import("./resolve-eks") {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require("./resolve-eks") as typeof import("./resolve-eks");
}

function specOf(
    { environment, layer, gpuStack }: PlatformConfig,
    { cluster: config }: ClusterSource,
    installed: ServicesSpec & Pick<PlatformSpec, "images" | "usedImages" | "training">,
    aws: AwsSpec | undefined,
): PlatformSpec {
    const cluster: ClusterSpec | undefined = config.kind === "eks" ? aws?.cluster : config;
    if (cluster === undefined) throw new Error("a cluster of kind eks that has no problems is there");
    return {
        environment,
        layer,
        tags: {},
        ...aws,
        cluster,
        protect: cluster.kind === "eks" ? cluster.eks.protect : ENVIRONMENTS[environment].protect,
        simulatedGpus: cluster.kind === "embedded" && cluster.gpuPools.length > 0,
        nvidiaGpus: hasNvidiaGpus(config, gpuStack),
        ...(gpuStack !== undefined && { gpuStack }),
        ...installed,
    };
}

/** A cluster that others made has its GPUs' software already, unless the stack file says which to install. */
function hasNvidiaGpus({ kind, gpuPools }: ClusterConfig, gpuStack: PlatformSpec["gpuStack"]): boolean {
    return gpuPools.length > 0 && (kind === "eks" || (kind === "existing" && gpuStack !== undefined));
}

function gpusOf(
    { gpuStack }: PlatformConfig,
    cluster: ClusterConfig,
    aws: AwsSpec | undefined,
    images: PlatformSpec["images"],
): ReturnType<typeof resolveGpus> {
    const pools = cluster.kind === "eks" ? aws?.cluster.gpuPools : cluster.gpuPools;
    if (!hasNvidiaGpus(cluster, gpuStack) || pools === undefined) return { problems: [], used: [] };
    // A version that only the cluster tells is checked when it has told.
    const kubernetesVersion = cluster.kind === "eks" ? cluster.version : (supportedMinors[0] ?? "");
    return resolveGpus({ pools, kubernetesVersion, gpuStack, images });
}

function trainingOf({ environment, training }: PlatformConfig, cluster: ClusterConfig): PlatformSpec["training"] {
    return {
        replicas: training.replicas ?? ENVIRONMENTS[environment].replicas,
        certificates: training.certificates ?? DEFAULT_LIFETIME,
        runtimes: training.runtimes ?? defaultRuntimes(cluster),
    };
}

/** Every framework; PyTorch with CUDA where there are GPUs for it. */
function defaultRuntimes({ kind, gpuPools }: ClusterConfig): RuntimeImage[] {
    const realGpus = kind !== "embedded" && gpuPools.length > 0;
    return DEFAULT_RUNTIMES.map(({ framework, image }) => ({
        framework,
        image: realGpus && framework === Framework.Torch ? "torch-runtime-cuda" : image,
    }));
}

/**
 * A cluster's own stack comes before there is a registry of its own to push to, so it takes Karpenter from its publisher.
 * Not in prod, where policy wants every image by digest: its first images come from the registry of another environment.
 */
function imagesUsed(
    { layer, environment }: PlatformConfig,
    { runtimes }: PlatformSpec["training"],
    gpus: readonly string[],
    aws: AwsSpec | undefined,
): string[] {
    const elastic = aws?.cluster.eks.gpuPools.some(({ scaling }) => scaling === Scaling.Elastic) ?? false;
    const karpenter = elastic && layer !== "platform" && (layer === "all" || environment === "prod");
    return [
        ...(karpenter ? ["karpenter"] : []),
        ...(layer === "cluster" ? [] : ["jobset", "trainer", ...gpus, ...runtimes.map(({ image }) => image)]),
    ];
}

function clusterProblems({ config: { environment }, cluster }: ClusterSource): Problem[] {
    const problems: Problem[] = [];
    if (cluster.kind === "eks") return problems;
    if (cluster.kind === "embedded" && environment !== "local") {
        problems.push({
            path: `${ROOT}.cluster.kind`,
            found: cluster.kind,
            allowed: "existing or eks outside the local environment",
            fix: "The embedded cluster lives on one developer's machine: name a real one.",
        });
    }
    if (cluster.kind === "existing" && cluster.name === undefined && ENVIRONMENTS[environment].protect) {
        problems.push({
            path: `${ROOT}.cluster.name`,
            found: cluster.name,
            allowed: `a name in ${environment}: a context that is renamed would replace everything`,
            fix: "Give the cluster a name and never change it.",
        });
    }
    const seen = new Set<string>();
    cluster.gpuPools.forEach(({ name }, index) => {
        if (seen.has(name)) {
            problems.push({
                path: `${ROOT}.cluster.gpuPools[${index}].name`,
                found: name,
                allowed: "a name that no other pool has",
                fix: "Rename one of the two pools.",
            });
        }
        seen.add(name);
    });
    return cluster.kind === "embedded" ? [...problems, ...singleMachine(cluster.gpuPools)] : problems;
}

function singleMachine(pools: readonly { readonly name: string; readonly maxNodes: number }[]): Problem[] {
    if (pools.length <= 1 && pools.every(({ maxNodes }) => maxNodes === 1)) return [];
    return [
        {
            path: `${ROOT}.cluster.gpuPools`,
            found: pools.map(({ name, maxNodes }) => `${name}: ${maxNodes} nodes`),
            allowed: "at most one pool of one node: the embedded cluster is a single machine",
            fix: "Keep one pool and set its gpusPerNode.",
        },
    ];
}

function deepFreeze<T extends object>(value: T): T {
    for (const inner of Object.values(value))
        if (typeof inner === "object" && inner !== null) deepFreeze(inner as object);
    return Object.freeze(value);
}

/** The contract of a cluster that others made. One that the stack file does not name is known by its context. */
export function clusterOf({ cluster }: PlatformSpec, context: string, kubernetesVersion: string): Cluster {
    return {
        name: (cluster.kind === "existing" && cluster.name) || context,
        kubernetesVersion,
        gpuPools: cluster.gpuPools.map((pool) => ({ ...pool, nodeLabels: { ...pool.nodeLabels } })),
        ...(cluster.kind !== "eks" && cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
    };
}

export { InvalidConfiguration, ROOT };
