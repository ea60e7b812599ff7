import { Cluster } from "../components/contracts";
import { DEFAULT_LIFETIME, Lifetime, resolveLifetime } from "../components/certificates";
import { InvalidConfiguration, Problem } from "../components/problems";
import { DEFAULT_RUNTIMES, Framework, resolveTraining, RuntimeImage } from "../components/training";
import { PlatformConfig, platformSchema } from "./config";
import { problemsOf } from "./problems-of-zod";

export type Environment = PlatformConfig["environment"];

/** The platform with every default filled in and every cross-check passed. Frozen. */
export interface PlatformSpec {
    readonly environment: Environment;
    readonly cluster: PlatformConfig["cluster"];
    /** Every image reference by catalogue name, after the stack file's replacements. */
    readonly images: Readonly<Record<string, string>>;
    /** Refuse to delete what cannot be made again. */
    readonly protect: boolean;
    /** GPUs are simulated by a device plugin of ours. */
    readonly simulatedGpus: boolean;
    readonly training: {
        readonly replicas: number;
        readonly runtimes: RuntimeImage[];
        readonly certificates: Lifetime;
    };
}

export const ROOT = "mlp:platform";

/** What differs between environments, and only that. */
const ENVIRONMENTS: Readonly<Record<Environment, { protect: boolean; replicas: number }>> = {
    local: { protect: false, replicas: 1 },
    dev: { protect: false, replicas: 2 },
    staging: { protect: true, replicas: 2 },
    prod: { protect: true, replicas: 2 },
};

/**
 * Turns what a stack file says into what is to be built. Pure: it reads no file and asks no cluster.
 *
 * @param input the value of `mlp:platform`
 * @param references image references by catalogue name
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolve(input: unknown, references: Readonly<Record<string, string>>): PlatformSpec {
    const parsed = platformSchema.safeParse(input);
    if (!parsed.success) throw new InvalidConfiguration(problemsOf(parsed.error.issues, ROOT, input));
    const { environment, cluster, images: replaced, training } = parsed.data;
    const images = { ...references, ...replaced };
    const defaults = ENVIRONMENTS[environment];

    const spec: PlatformSpec = {
        environment,
        cluster,
        images,
        protect: defaults.protect,
        simulatedGpus: cluster.kind === "embedded" && cluster.gpuPools.length > 0,
        training: {
            replicas: training.replicas ?? defaults.replicas,
            certificates: training.certificates ?? DEFAULT_LIFETIME,
            runtimes: training.runtimes ?? defaultRuntimes(cluster),
        },
    };
    const problems = [
        ...clusterProblems(spec),
        ...imageProblems(replaced, references),
        ...collect(() => resolveLifetime(spec.training.certificates, `${ROOT}.training.certificates`)),
        ...collect(() => resolveTraining({ ...spec.training, images: { references: images } }, `${ROOT}.training`)),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return deepFreeze(spec);
}

/** Every framework; PyTorch with CUDA where there are GPUs for it. */
function defaultRuntimes({ kind, gpuPools }: PlatformSpec["cluster"]): RuntimeImage[] {
    const realGpus = kind === "existing" && gpuPools.length > 0;
    return DEFAULT_RUNTIMES.map(({ framework, image }) => ({
        framework,
        image: realGpus && framework === Framework.Torch ? "torch-runtime-cuda" : image,
    }));
}

function clusterProblems({ environment, cluster }: PlatformSpec): Problem[] {
    const problems: Problem[] = [];
    if (cluster.kind === "embedded" && environment !== "local") {
        problems.push({
            path: `${ROOT}.cluster.kind`,
            found: cluster.kind,
            allowed: "existing outside the local environment",
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
    if (cluster.kind === "embedded") {
        const nodes = cluster.gpuPools.filter(({ maxNodes }) => maxNodes > 1).map(({ name }) => name);
        if (cluster.gpuPools.length > 1 || nodes.length > 0) {
            problems.push({
                path: `${ROOT}.cluster.gpuPools`,
                found: cluster.gpuPools.map(({ name, maxNodes }) => `${name}: ${maxNodes} nodes`),
                allowed: "at most one pool of one node: the embedded cluster is a single machine",
                fix: "Keep one pool and set its gpusPerNode.",
            });
        }
    }
    return problems;
}

function imageProblems(
    replaced: Readonly<Record<string, string>>,
    references: Readonly<Record<string, string>>,
): Problem[] {
    return Object.entries(replaced).flatMap(([name, reference]) => {
        const path = `${ROOT}.images.${name}`;
        if (references[name] === undefined) {
            const allowed = `one of ${Object.keys(references).sort().join(", ")}`;
            return [{ path, found: reference, allowed, fix: "Name an image of images/catalogue.ts or add it there." }];
        }
        if (PINNED.test(reference)) return [];
        const allowed = "a reference with a digest, or with a tag other than latest";
        return [{ path, found: reference, allowed, fix: "Pin it: a moving tag makes no two deployments alike." }];
    });
}

/** A tag that is not `latest`, a digest, or both, after the repository. */
const PINNED = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:(?!latest\b)\w[\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

/** Runs a component's own checks and keeps what they find for the common list. */
function collect(check: () => unknown): readonly Problem[] {
    try {
        check();
        return [];
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.problems;
        throw error;
    }
}

function deepFreeze<T extends object>(value: T): T {
    for (const inner of Object.values(value))
        if (typeof inner === "object" && inner !== null) deepFreeze(inner as object);
    return Object.freeze(value);
}

/** The cluster's contract, before it exists. A cluster that the stack file does not name is known by its context. */
export function clusterOf({ cluster }: PlatformSpec, context: string, kubernetesVersion: string): Cluster {
    return {
        name: (cluster.kind === "existing" && cluster.name) || context,
        kubernetesVersion,
        gpuPools: cluster.gpuPools.map((pool) => ({ ...pool, nodeLabels: { ...pool.nodeLabels } })),
        ...(cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
    };
}

export { InvalidConfiguration };
