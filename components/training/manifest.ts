import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { QUEUE_LABEL, Tenant } from "../contracts";
import { FRAMEWORKS } from "./framework";
import type { Dataset, EnvironmentVariable } from "./job";
import type { TrainingJobSpec } from "./resolve-job";
import { DATASET_CONTAINER, TRAINER_API, TRAINER_JOB, withDataset } from "./runtimes";
import { accountOf, environmentFrom } from "./tenant";

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
    readonly tenant?: Tenant;
    readonly dataset?: Dataset;
    readonly volumes: readonly MountedVolume[];
    readonly annotations: { readonly [name: string]: pulumi.Input<string> };
}

/** The TrainJob of a resolved job. */
export function trainJobOf(
    spec: TrainingJobSpec,
    { namespace, env, tenant, dataset, volumes, annotations }: Surroundings,
): k8s.apiextensions.CustomResourceArgs {
    const { runtime } = FRAMEWORKS[spec.framework];
    return {
        apiVersion: TRAINER_API,
        kind: "TrainJob",
        metadata: {
            namespace,
            annotations,
            ...(tenant?.queueName !== undefined && { labels: { [QUEUE_LABEL]: tenant.queueName } }),
        },
        spec: {
            runtimeRef: { name: dataset ? withDataset(runtime) : runtime },
            activeDeadlineSeconds: spec.deadlineSeconds,
            trainer: {
                numNodes: spec.nodes,
                ...(spec.processesPerNode !== undefined && { numProcPerNode: spec.processesPerNode }),
                ...(spec.image !== undefined && { image: spec.image }),
                command: spec.command,
                // An empty list would be lost when Kueue writes the job back, and the API server takes that for a change.
                ...(spec.args.length > 0 && { args: spec.args }),
                env: [{ name: OUTPUT_VARIABLE, value: OUTPUT_PATH }, ...(tenant ? environmentFrom() : []), ...env],
                resourcesPerNode: resourcesOf(spec),
            },
            runtimePatches: [
                {
                    manager: "mlp.dev/training-job",
                    trainingRuntimeSpec: {
                        template: {
                            spec: {
                                replicatedJobs: [
                                    { name: TRAINER_JOB, template: patchOf(spec, volumes, tenant, dataset) },
                                ],
                            },
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

function patchOf(
    { gpu }: TrainingJobSpec,
    own: readonly MountedVolume[],
    tenant: Tenant | undefined,
    dataset: Dataset | undefined,
): object {
    const account = tenant && accountOf(tenant);
    const volumes = account ? [...own, account.token] : own;
    return {
        spec: {
            template: {
                spec: {
                    ...(account && { serviceAccountName: account.name }),
                    ...(dataset && { initContainers: [{ name: DATASET_CONTAINER, env: sourceOf(dataset) }] }),
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

function sourceOf({ uri, sha256 }: Dataset): object[] {
    return [
        ...environmentFrom(),
        { name: "STORAGE_URI", value: uri },
        ...(sha256 === undefined ? [] : [{ name: "MLP_DATASET_SHA256", value: sha256 }]),
    ];
}
