import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { FRAMEWORKS } from "./framework";
import type { EnvironmentVariable } from "./job";
import type { TrainingJobSpec } from "./resolve-job";
import { TRAINER_API, TRAINER_JOB } from "./runtimes";

export const CODE_PATH = "/workspace/code";
export const OUTPUT_PATH = "/workspace/output";
/** Environment variable that holds OUTPUT_PATH. */
export const OUTPUT_VARIABLE = "MLP_OUTPUT";

/** A volume of the training container. */
export interface MountedVolume {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly: boolean;
    readonly source: Omit<k8s.types.input.core.v1.Volume, "name">;
}

/** What only exists once Pulumi has made it. */
export interface Surroundings {
    readonly namespace: pulumi.Input<string>;
    readonly env: readonly EnvironmentVariable[];
    readonly volumes: readonly MountedVolume[];
    readonly annotations: { readonly [name: string]: pulumi.Input<string> };
}

/** The TrainJob of a resolved job. */
export function trainJobOf(
    spec: TrainingJobSpec,
    { namespace, env, volumes, annotations }: Surroundings,
): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion: TRAINER_API,
        kind: "TrainJob",
        metadata: { namespace, annotations },
        spec: {
            runtimeRef: { name: FRAMEWORKS[spec.framework].runtime },
            activeDeadlineSeconds: spec.deadlineSeconds,
            trainer: {
                numNodes: spec.nodes,
                ...(spec.processesPerNode !== undefined && { numProcPerNode: spec.processesPerNode }),
                ...(spec.image !== undefined && { image: spec.image }),
                command: spec.command,
                args: spec.args,
                env: [{ name: OUTPUT_VARIABLE, value: OUTPUT_PATH }, ...env],
                resourcesPerNode: resourcesOf(spec),
            },
            runtimePatches: [
                {
                    manager: "mlp.dev/training-job",
                    trainingRuntimeSpec: {
                        template: {
                            spec: { replicatedJobs: [{ name: TRAINER_JOB, template: patchOf(spec, volumes) }] },
                        },
                    },
                },
            ],
        },
    };
}

function resourcesOf({ cpu, memory, gpu }: TrainingJobSpec): k8s.types.input.core.v1.ResourceRequirements {
    const gpus = gpu && { [gpu.resource]: String(gpu.count) };
    return { requests: { cpu, memory, ...gpus }, limits: { memory, ...gpus } };
}

function patchOf({ gpu }: TrainingJobSpec, volumes: readonly MountedVolume[]): object {
    return {
        spec: {
            template: {
                spec: {
                    ...(gpu && Object.keys(gpu.nodeLabels).length > 0 && { nodeSelector: gpu.nodeLabels }),
                    ...(gpu && { tolerations: [{ key: gpu.resource, operator: "Exists", effect: "NoSchedule" }] }),
                    volumes: volumes.map(({ name, source }) => ({ name, ...source })),
                    containers: [
                        {
                            name: TRAINER_JOB,
                            volumeMounts: volumes.map(({ name, mountPath, readOnly }) => ({
                                name,
                                mountPath,
                                readOnly,
                            })),
                        },
                    ],
                },
            },
        },
    };
}
