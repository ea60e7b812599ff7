import { Cluster, GpuPool } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { Framework, FRAMEWORKS } from "./framework";
import type { TrainingJobArgs } from "./job";
import { CODE_PATH } from "./manifest";
import { datasetProblems, environmentProblems, mountProblems } from "./surroundings";

/** GPUs of one node of a job. */
export interface GpuRequest {
    readonly resource: string;
    readonly count: number;
    readonly nodeLabels: { [label: string]: string };
}

/** A training job with every default filled in. */
export interface TrainingJobSpec {
    readonly framework: Framework;
    readonly image?: string;
    readonly codeDirectory?: string;
    /** Script in codeDirectory; undefined where a command starts what it likes. */
    readonly entrypoint?: string;
    readonly command: string[];
    readonly args: string[];
    readonly nodes: number;
    /** Undefined where the framework starts one process on each node. */
    readonly processesPerNode?: number;
    readonly cpu: string;
    readonly memory: string;
    readonly gpu?: GpuRequest;
    readonly output: { readonly size: string; readonly accessMode: string; readonly storageClass?: string };
    readonly deadlineSeconds: number;
}

type PlainArgs = Omit<TrainingJobArgs, "namespace" | "run">;

const ACCESS_MODES = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"];
const QUANTITY = /^\d+(\.\d+)?(m|k|[KMGTPE]i|[MGTPE])?$/;
const DAY = 24 * 60 * 60;

/**
 * Fills every default in and checks the job against the cluster. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveTrainingJob(args: PlainArgs, name: string): TrainingJobSpec {
    const problems: Problem[] = [];
    const wrong = (path: string, found: unknown, allowed: string, fix: string) =>
        problems.push({ path: `${name}.${path}`, found, allowed, fix });
    const whole = (path: string, value: number, least: number) => {
        if (!Number.isInteger(value) || value < least) {
            wrong(path, value, `a whole number from ${least} on`, "Correct the number.");
        }
        return value;
    };
    const quantity = (path: string, value: string) => {
        if (!QUANTITY.test(value) || Number.parseFloat(value) === 0) {
            wrong(path, value, "a Kubernetes quantity above 0, such as 500m, 2 or 4Gi", "Correct it.");
        }
        return value;
    };

    const known = Object.hasOwn(FRAMEWORKS, args.framework);
    if (!known) wrong("framework", args.framework, Object.keys(FRAMEWORKS).join(", "), "Use plain for any other.");
    const entrypoint = args.entrypoint ?? "train.py";
    if (args.command === undefined && args.codeDirectory === undefined) {
        wrong("command", args.command, "a command, or codeDirectory with a script", "Give one of the two.");
    }
    const gpus = whole("gpus", args.gpus ?? 0, 0);
    const accessMode = args.output?.accessMode ?? "ReadWriteOnce";
    if (!ACCESS_MODES.includes(accessMode)) {
        wrong("output.accessMode", accessMode, ACCESS_MODES.join(", "), "Name one of them.");
    }
    problems.push(...mountProblems(args.data ?? [], name), ...environmentProblems(args.env ?? [], name));
    problems.push(...datasetProblems(args, name));
    const nodes = whole("nodes", args.nodes ?? 1, 1);
    const pool = gpus > 0 ? choosePool(args, gpus, nodes, wrong) : undefined;
    const hasProcesses = known && FRAMEWORKS[args.framework].hasProcesses;
    if (known && !hasProcesses && args.processesPerNode !== undefined) {
        wrong(
            "processesPerNode",
            args.processesPerNode,
            `left out with ${args.framework}: it starts one process on each node`,
            "Leave it out, or start the processes in the command.",
        );
    }
    const storageClass = args.output?.storageClass ?? args.cluster.storageClass;

    const spec: TrainingJobSpec = {
        framework: args.framework,
        ...(args.image !== undefined && { image: args.image }),
        ...(args.codeDirectory !== undefined && { codeDirectory: args.codeDirectory }),
        ...(args.command === undefined && { entrypoint }),
        command: args.command ?? (known ? [...FRAMEWORKS[args.framework].launcher, `${CODE_PATH}/${entrypoint}`] : []),
        args: args.args ?? [],
        nodes,
        ...(hasProcesses && {
            processesPerNode: whole("processesPerNode", args.processesPerNode ?? Math.max(1, gpus), 1),
        }),
        cpu: quantity("cpu", args.cpu ?? "1"),
        memory: quantity("memory", args.memory ?? "2Gi"),
        ...(pool && { gpu: { resource: pool.resource, count: gpus, nodeLabels: pool.nodeLabels } }),
        output: {
            size: quantity("output.size", args.output?.size ?? "1Gi"),
            accessMode,
            ...(storageClass !== undefined && { storageClass }),
        },
        deadlineSeconds: whole("deadlineSeconds", args.deadlineSeconds ?? DAY, 1),
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

type Wrong = (path: string, found: unknown, allowed: string, fix: string) => void;

/** The pool that can hold the job, or a problem that says what the pools can hold. */
function choosePool(
    { cluster, gpuPool }: { cluster: Cluster; gpuPool?: string },
    gpus: number,
    nodes: number,
    wrong: Wrong,
): GpuPool | undefined {
    const named = cluster.gpuPools.filter(({ name }) => gpuPool === undefined || name === gpuPool);
    if (gpuPool !== undefined && named.length === 0) {
        const names = cluster.gpuPools.map(({ name }) => name).join(", ") || "none: the cluster has no GPU pools";
        wrong("gpuPool", gpuPool, names, "Name a pool of the cluster, or leave it out.");
        return undefined;
    }
    // A node of the job never spans machines; several may share one.
    const fits = named.find((pool) => Math.floor(pool.gpusPerNode / gpus) * pool.maxNodes >= nodes);
    if (fits === undefined) {
        const sizes = named.map(({ name, gpusPerNode, maxNodes }) => `${name}: ${maxNodes} × ${gpusPerNode}`);
        wrong(
            "gpus",
            `${gpus} on each of ${nodes} nodes`,
            `what a pool holds (machines × GPUs): ${sizes.join("; ") || "no GPU pools"}`,
            "Ask for fewer GPUs or nodes, or enlarge a pool under cluster.gpuPools of the stack file.",
        );
    }
    return fits;
}
