import { GpuPool } from "../contracts";
import { uniqueNames } from "./pipeline-parameters";
import { listOf } from "./pipeline-schedule";
import { outputParametersOf } from "./outputs";
import type { PipelineStep } from "./pipeline-args";
import type { PlainPipeline, Wrong } from "./resolve-pipeline";
import { isQuantity, secondsOf } from "./units";

/** Name of the template that holds the steps together. */
export const ENTRYPOINT = "main";
const STEP_NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** GPUs that a step takes. */
export interface StepGpu {
    readonly resource: string;
    readonly count: number;
    readonly nodeLabels: { readonly [label: string]: string };
}

/** What is wrong with a step alone, whatever the others are. */
export function stepProblems(step: PipelineStep, path: string, args: PlainPipeline, wrong: Wrong): void {
    const at: Wrong = (where, ...rest) => wrong(`${path}.${where}`, ...rest);
    if (!STEP_NAME.test(step.name) || step.name === ENTRYPOINT) {
        const allowed = `up to 40 small letters, digits and -, beginning with a letter, and not ${ENTRYPOINT}`;
        at("name", step.name, allowed, "Rename it.");
    }
    uniqueNames(step.env ?? [], `${path}.env`, wrong, VARIABLE, "letters, digits and _");
    containerProblems(step, args, at);
    for (const field of ["cpu", "memory"] as const) {
        const value = step[field];
        if (value !== undefined && !isQuantity(value)) {
            at(field, value, "a Kubernetes quantity above 0, such as 500m, 2 or 4Gi", "Correct it.");
        }
    }
    const duration = (where: string, value: string | undefined) => {
        if (value !== undefined && secondsOf(value) === undefined) {
            at(where, value, "a duration such as 45s, 30m, 12h or 7d", "Correct it.");
        }
    };
    duration("timeout", step.timeout);
    duration("retry.backoff", step.retry?.backoff);
    duration("retry.maxBackoff", step.retry?.maxBackoff);
    duration("cache.maxAge", step.cache?.maxAge);
    whole("retry.limit", step.retry?.limit, at);
    whole("retry.factor", step.retry?.factor, at);
    cacheProblems(step, at);
    pathProblems(step, at);
}

function containerProblems(step: PipelineStep, { images }: PlainPipeline, at: Wrong): void {
    if (step.training !== undefined) {
        for (const field of ["image", "command", "args"] as const) {
            if (step[field] === undefined) continue;
            at(field, step[field], "left out of a training step: the TrainJob says what runs", "Take it out.");
        }
        if (images?.references["pipeline-steps"] === undefined) {
            at(
                "training",
                "no image pipeline-steps",
                "images that hold pipeline-steps",
                "Give the pipeline its images.",
            );
        }
        return;
    }
    if (step.image === undefined || step.image === "") {
        at("image", step.image, "the reference of an image", "Name the image that the step runs.");
    }
    if (step.command === undefined || step.command.length === 0) {
        at("command", step.command, "a program and its first arguments", "Name it: no registry is asked for it.");
    }
}

function whole(where: string, value: number | undefined, at: Wrong): void {
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
        at(where, value, "a whole number from 1 on", "Correct the number.");
    }
}

function cacheProblems(step: PipelineStep, at: Wrong): void {
    const { cache, artifacts = [], outputArtifacts = [] } = step;
    if (cache === undefined) return;
    if (artifacts.length > 0 && cache.key === undefined) {
        at(
            "cache.key",
            undefined,
            "a key: what is in an artifact is unknown before the step starts",
            "Take a parameter into it that changes with the artifact, such as its digest.",
        );
    }
    if (outputParametersOf(step).length + outputArtifacts.length === 0) {
        at("cache", cache, "steps that give a parameter or an artifact", "Leave it out: Argo keeps outputs only.");
    }
}

function pathProblems({ artifacts = [], outputParameters = [], outputArtifacts = [] }: PipelineStep, at: Wrong): void {
    artifacts.forEach(({ path }, index) => {
        if (!path.startsWith("/") || path === "/" || path === "/tmp" || path.startsWith("/tmp/")) {
            at(`artifacts[${index}].path`, path, "an absolute path outside /tmp", "Take one such as /inputs/data.");
        }
    });
    const outputs = { outputParameters, outputArtifacts };
    for (const [field, list] of Object.entries(outputs)) {
        list.forEach(({ path }, index) => {
            if (path.startsWith("/tmp/") && path !== "/tmp/") return;
            at(`${field}[${index}].path`, path, "a path below /tmp: nothing else may be written", "Write it there.");
        });
    }
}

/** The pool whose GPUs a step takes, or a problem that says what the pools hold. */
export function chooseGpu(
    { gpus = 0, gpuPool }: PipelineStep,
    pools: readonly GpuPool[],
    path: string,
    wrong: Wrong,
): StepGpu | undefined {
    if (!Number.isInteger(gpus) || gpus < 0) {
        wrong(`${path}.gpus`, gpus, "a whole number from 0 on", "Correct the number.");
        return undefined;
    }
    if (gpus === 0) return undefined;
    const named = pools.filter(({ name }) => gpuPool === undefined || name === gpuPool);
    if (gpuPool !== undefined && named.length === 0) {
        wrong(`${path}.gpuPool`, gpuPool, listOf(pools.map(({ name }) => name)), "Name a pool of the cluster.");
        return undefined;
    }
    const pool = named.find(({ gpusPerNode }) => gpusPerNode >= gpus);
    if (pool === undefined) {
        const sizes = named.map(({ name, gpusPerNode }) => `${name}: ${gpusPerNode}`);
        wrong(
            `${path}.gpus`,
            gpus,
            `what one node of a pool offers: ${sizes.join("; ") || "no GPU pools"}`,
            "Ask for fewer, or enlarge a pool; a training step takes more than one node.",
        );
        return undefined;
    }
    return { resource: pool.resource, count: gpus, nodeLabels: pool.nodeLabels };
}
