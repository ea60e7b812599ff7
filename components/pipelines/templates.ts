import { createHash } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { QUEUE_LABEL } from "../contracts";
import { containerSecurity, podSecurity } from "../kubernetes/hardening";
import { cacheKeyOf } from "./cache-key";
import { OBJECT_STORE_SECRET, PIPELINE_ACCOUNT } from "./configuration";
import type { PipelineParameter, PipelineStep, StepRetry } from "./pipeline-args";
import { tagsOf } from "./references";
import type { PlainPipeline, PipelineSpec, StepSpec } from "./resolve-pipeline";
import { ENTRYPOINT } from "./step-problems";
import { ITEM, outputParametersOf } from "./outputs";
import { secondsOf } from "./units";

/** Label of everything that runs for a pipeline. */
export const PIPELINE_LABEL = "mlp.dev/pipeline";
const ENVIRONMENT = "mlp-environment";
const SCRATCH = "scratch";

/** What only exists once Pulumi has made it. */
export interface Surroundings {
    readonly namespace: pulumi.Input<string>;
    readonly serviceAccountName?: pulumi.Input<string>;
}

/** The spec of the WorkflowTemplate of a resolved pipeline. */
export function workflowSpecOf(
    name: string,
    { parameters = [], description, queueName }: PlainPipeline,
    spec: PipelineSpec,
    { namespace, serviceAccountName }: Surroundings,
): object {
    const labels = { [PIPELINE_LABEL]: name };
    return {
        entrypoint: ENTRYPOINT,
        serviceAccountName: serviceAccountName ?? PIPELINE_ACCOUNT,
        securityContext: podSecurity(),
        activeDeadlineSeconds: spec.timeoutSeconds,
        parallelism: spec.parallelism,
        workflowMetadata: {
            labels,
            ...(description !== undefined && { annotations: { "workflows.argoproj.io/description": description } }),
        },
        podMetadata: { labels: { ...labels, ...(queueName !== undefined && { [QUEUE_LABEL]: queueName }) } },
        arguments: { parameters: parameters.map(parameterOf) },
        templates: [
            { name: ENTRYPOINT, dag: { tasks: spec.steps.map(taskOf) } },
            ...spec.steps.map((step) => templateOf(name, step, spec, namespace, queueName !== undefined)),
        ],
    };
}

function parameterOf({ name, default: value, description, values }: PipelineParameter): object {
    return {
        name,
        ...(value !== undefined && { value }),
        ...(description !== undefined && { description }),
        ...(values !== undefined && { enum: values }),
    };
}

function taskOf({ step, dependencies }: StepSpec): object {
    const { name, parameters = [], artifacts = [], forEach, when } = step;
    const given = [
        ...parameters.map(({ name: input, value, parameter, from }) => ({
            name: input,
            value: value ?? (parameter === undefined ? outputTag(from ?? "") : `{{workflow.parameters.${parameter}}}`),
        })),
        ...(forEach ? [{ name: ITEM, value: "{{item}}" }] : []),
    ];
    const taken = artifacts.flatMap(({ name: input, from, optional }) => {
        const [source = "", artifact = ""] = (from ?? "").split(".");
        const tag = `{{tasks.${source}.outputs.artifacts.${artifact}}}`;
        return from === undefined ? [] : [{ name: input, from: tag, ...(optional === true && { optional }) }];
    });
    return {
        name,
        template: name,
        ...(dependencies.length > 0 && { dependencies }),
        ...(when !== undefined && { when }),
        ...(forEach && itemsOf(forEach)),
        ...(given.length + taken.length > 0 && {
            arguments: {
                ...(given.length > 0 && { parameters: given }),
                ...(taken.length > 0 && { artifacts: taken }),
            },
        }),
    };
}

function itemsOf({ items, parameter, from }: NonNullable<PipelineStep["forEach"]>): object {
    if (items !== undefined) return { withItems: items };
    return { withParam: parameter === undefined ? outputTag(from ?? "") : `{{workflow.parameters.${parameter}}}` };
}

function outputTag(from: string): string {
    const [step = "", parameter = ""] = from.split(".");
    return `{{tasks.${step}.outputs.parameters.${parameter}}}`;
}

function templateOf(
    pipeline: string,
    spec: StepSpec,
    whole: PipelineSpec,
    namespace: pulumi.Input<string>,
    queued: boolean,
): object {
    const { step, gpu, timeoutSeconds } = spec;
    const container = containerOf(spec, whole);
    return {
        name: step.name,
        metadata: { labels: { "mlp.dev/step": step.name } },
        ...inputsOf(step),
        ...outputsOf(step),
        container,
        // The root is read-only; programs want a place for what they leave behind.
        volumes: [{ name: SCRATCH, emptyDir: {} }],
        activeDeadlineSeconds: timeoutSeconds,
        ...((step.retry ?? queued) && { retryStrategy: retryOf(step.retry ?? PREEMPTED, queued) }),
        ...(step.cache && { memoize: memoizeOf(pipeline, step, step.cache, container, namespace) }),
        ...(gpu && Object.keys(gpu.nodeLabels).length > 0 && { nodeSelector: gpu.nodeLabels }),
        ...(gpu && { tolerations: [{ key: gpu.resource, operator: "Exists", effect: "NoSchedule" }] }),
    };
}

function inputsOf({ parameters = [], artifacts = [], forEach }: PipelineStep): object {
    const names = [...parameters.map(({ name }) => name), ...(forEach ? [ITEM] : [])];
    if (names.length + artifacts.length === 0) return {};
    return {
        inputs: {
            ...(names.length > 0 && { parameters: names.map((name) => ({ name })) }),
            ...(artifacts.length > 0 && {
                artifacts: artifacts.map(({ name, path, key, optional }) => ({
                    name,
                    path,
                    ...(key !== undefined && { s3: { key } }),
                    ...(optional === true && { optional }),
                })),
            }),
        },
    };
}

function outputsOf(step: PipelineStep): object {
    const outputParameters = outputParametersOf(step);
    const { outputArtifacts = [] } = step;
    if (outputParameters.length + outputArtifacts.length === 0) return {};
    return {
        outputs: {
            ...(outputParameters.length > 0 && {
                parameters: outputParameters.map(({ name, path, default: byDefault }) => ({
                    name,
                    valueFrom: { path, ...(byDefault !== undefined && { default: byDefault }) },
                })),
            }),
            ...(outputArtifacts.length > 0 && {
                artifacts: outputArtifacts.map(({ name, path, optional }) => ({
                    name,
                    path,
                    ...(optional === true && { optional }),
                })),
            }),
        },
    };
}

type Container = k8s.types.input.core.v1.Container;

function containerOf({ step, cpu, memory, gpu }: StepSpec, { trainingImage = "" }: PipelineSpec): Container {
    const gpus = gpu && { [gpu.resource]: String(gpu.count) };
    const { training, command = [], args, env = [] } = step;
    const taken = new Set(env.map(({ name }) => name));
    return {
        name: "",
        image: training ? trainingImage : (step.image ?? ""),
        imagePullPolicy: "IfNotPresent",
        // Each item has a TrainJob of its own, each further try follows that of the try before.
        ...(training
            ? { command: ["mlp-steps"], args: ["train", "--job", [step.name, ...itemTag(step)].join("-")] }
            : { command: command.map(withItem), ...(args && { args: args.map(withItem) }) }),
        env: [
            ...SURROUNDINGS.filter(({ name }) => !taken.has(name)),
            ...env.map(({ name, value }) => ({ name, value: pulumi.output(value).apply(withItem) })),
            ...(training ? [{ name: "MLP_TRAINJOB", value: pulumi.output(training.manifest).apply(withItem) }] : []),
        ],
        envFrom: [
            { configMapRef: { name: ENVIRONMENT, optional: true } },
            { secretRef: { name: OBJECT_STORE_SECRET, optional: true } },
        ],
        resources: { requests: { cpu, memory, ...gpus }, limits: { memory, ...gpus } },
        securityContext: containerSecurity(),
        volumeMounts: [{ name: SCRATCH, mountPath: "/tmp" }],
    };
}

/** What programs of ours read to say where something comes from, and a home that may be written to. */
const SURROUNDINGS = [
    { name: "HOME", value: "/tmp" },
    { name: "MLP_WORKFLOW_NAME", value: "{{workflow.name}}" },
    { name: "MLP_WORKFLOW_UID", value: "{{workflow.uid}}" },
];

function itemTag({ forEach }: PipelineStep): string[] {
    return forEach ? [`{{inputs.parameters.${ITEM}}}`] : [];
}

/** Argo knows the item beside a step only: within it is an input. */
function withItem(text: string): string {
    return text.replace(/\{\{\s*item\s*\}\}/g, `{{inputs.parameters.${ITEM}}}`);
}

/** What gives its place to somebody else starts again; how often is for the others to say. */
const PREEMPTED: StepRetry = { limit: 20, backoff: "5s", onlyLostPods: true };

/** A pod that a queue takes away ends by a signal, for Argo as if its program had failed. */
const LOST = [
    'lastRetry.status == "Error"',
    'lastRetry.exitCode == "143"',
    '(lastRetry.exitCode == "137" && !(lastRetry.message contains "OOM"))',
].join(" || ");

function retryOf({ limit, backoff, factor, maxBackoff, onlyLostPods }: StepRetry, queued: boolean): object {
    const seconds = (duration: string) => `${secondsOf(duration) ?? 0}s`;
    return {
        limit: String(limit),
        // OnError: the pod was deleted, evicted or lost with its node. Always: a program that failed, too.
        retryPolicy: onlyLostPods === true && !queued ? "OnError" : "Always",
        ...(onlyLostPods === true && queued && { expression: LOST }),
        backoff: { duration: seconds(backoff ?? "10s"), factor: String(factor ?? 2), cap: seconds(maxBackoff ?? "5m") },
    };
}

function memoizeOf(
    pipeline: string,
    step: PipelineStep,
    { maxAge, key }: NonNullable<PipelineStep["cache"]>,
    container: Container,
    namespace: pulumi.Input<string>,
): object {
    const { parameters = [], outputArtifacts, forEach } = step;
    const outputParameters = outputParametersOf(step);
    const inputs = [...parameters.map(({ name }) => name), ...(forEach ? [ITEM] : [])];
    // Whatever else decides what comes out: another image or command is another step.
    const rest = pulumi
        .output({ container, outputParameters, outputArtifacts })
        .apply((known) => JSON.stringify(known));
    return {
        maxAge: `${secondsOf(maxAge) ?? 0}s`,
        key: rest.apply((text) => {
            const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
            return `${step.name}-${digest}${cacheKeyOf(key && withItem(key), inputs, pipelineParametersIn(text))}`;
        }),
        // Argo keeps the caches of all namespaces in one: the prefix says whose it is, and an admission policy holds to it.
        cache: { configMap: { name: pulumi.interpolate`${namespace}.${pipeline}` } },
    };
}

function pipelineParametersIn(text: string): string[] {
    const names = tagsOf(text).flatMap((tag) => /^workflow\.parameters\.([^.]+)$/.exec(tag)?.[1] ?? []);
    return [...new Set(names)].sort();
}
