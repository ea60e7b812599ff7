import { InvalidConfiguration, Problem } from "../problems";
import { cyclesOf, Dependencies } from "./graph";
import { parameterProblems } from "./pipeline-parameters";
import type { PipelineArgs, PipelineStep } from "./pipeline-args";
import { scheduleProblems } from "./pipeline-schedule";
import { dependenciesOf, referenceProblems } from "./step-references";
import { chooseGpu, StepGpu, stepProblems } from "./step-problems";
import { secondsOf } from "./units";

/** A step with every default filled in. */
export interface StepSpec {
    readonly step: PipelineStep;
    /** Every step that goes before, in alphabetical order. */
    readonly dependencies: readonly string[];
    readonly cpu: string;
    readonly memory: string;
    readonly gpu?: StepGpu;
    readonly timeoutSeconds: number;
}

export interface PipelineSpec {
    readonly steps: readonly StepSpec[];
    readonly timeoutSeconds: number;
    readonly parallelism: number;
    /** Reference of the image of training steps. */
    readonly trainingImage?: string;
}

export type PlainPipeline = Omit<PipelineArgs, "namespace" | "serviceAccountName">;

/** Collects what is wrong, each at its path below the pipeline's name. */
export type Wrong = (path: string, found: unknown, allowed: string, fix: string) => void;

const DAY = "24h";
/** At most as deep and wide as Argo and etcd carry. */
const MOST_STEPS = 500;

/**
 * Checks a pipeline and fills every default in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolvePipeline(args: PlainPipeline, name: string): PipelineSpec {
    const problems: Problem[] = [];
    const wrong: Wrong = (path, found, allowed, fix) => problems.push({ path: `${name}.${path}`, found, allowed, fix });
    const { steps } = args;

    if (steps.length === 0 || steps.length > MOST_STEPS) {
        wrong("steps", steps.length, `1 to ${MOST_STEPS} steps`, "Split the pipeline, or use forEach.");
    }
    parameterProblems(args.parameters ?? [], wrong);
    scheduleProblems(args, wrong);
    steps.forEach((step, index) => stepProblems(step, `steps[${index}]`, args, wrong));
    referenceProblems(args, wrong);
    const dependencies = dependenciesOf(steps);
    cycleProblems(steps, dependencies, wrong);
    const parallelism = args.parallelism ?? 20;
    if (!Number.isInteger(parallelism) || parallelism < 1) {
        wrong("parallelism", parallelism, "a whole number from 1 on", "Leave it out for 20.");
    }
    const timeoutSeconds = secondsOf(args.timeout ?? DAY);
    if (timeoutSeconds === undefined) wrong("timeout", args.timeout, "a duration such as 30m or 12h", "Correct it.");
    const trainingImage = args.images?.references["pipeline-steps"];

    const spec: PipelineSpec = {
        steps: steps.map((step, index) => ({
            step,
            dependencies: [...(dependencies.get(step.name) ?? [])].sort(),
            cpu: step.cpu ?? "100m",
            memory: step.memory ?? "256Mi",
            ...gpuOf(step, `steps[${index}]`, args, wrong),
            timeoutSeconds: secondsOf(step.timeout ?? DAY) ?? 0,
        })),
        timeoutSeconds: timeoutSeconds ?? 0,
        parallelism,
        ...(trainingImage !== undefined && { trainingImage }),
    };
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze(spec);
}

function gpuOf(step: PipelineStep, path: string, { cluster }: PlainPipeline, wrong: Wrong): { gpu?: StepGpu } {
    const gpu = chooseGpu(step, cluster?.gpuPools ?? [], path, wrong);
    return gpu ? { gpu } : {};
}

function cycleProblems(steps: readonly PipelineStep[], dependencies: Dependencies, wrong: Wrong): void {
    for (const cycle of cyclesOf(dependencies)) {
        const index = steps.findIndex(({ name }) => name === cycle[0]);
        wrong(
            `steps[${index}]`,
            cycle.join(" → "),
            "steps none of which waits for itself",
            "Take out one of dependsOn, from or when that close the circle.",
        );
    }
}
