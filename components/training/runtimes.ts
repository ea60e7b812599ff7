import * as k8s from "@pulumi/kubernetes";

import { containerSecurity, podSecurity } from "../kubernetes/hardening";
import { Framework, FRAMEWORKS } from "./framework";

export const TRAINER_API = "trainer.kubeflow.org/v1alpha1";
/** Trainer finds the pods and the container of the training itself by these names. */
export const TRAINER_JOB = "node";
/** Init container that brings the data set, in runtimes of the jobs that name one. */
export const DATASET_CONTAINER = "dataset";
/** Where the processes find it. */
export const DATASET_PATH = "/workspace/data";

/** Name of the variant of a runtime whose pods get a data set before they train. */
export function withDataset(runtime: string): string {
    return `${runtime}-dataset`;
}

/**
 * A ClusterTrainingRuntime: the pod template that every job of a framework starts from.
 *
 * A failed process fails the job at once, so that its last lines are what the user sees; pods that the cluster takes
 * away (drain, preemption, spot) are started again without counting.
 *
 * @param initializer image of `mlp-steps fetch`, for the variant that brings a data set. An init container in each pod, as
 * Trainer's own initialiser is a Job that needs a volume which all nodes share.
 */
export function runtimeOf(
    framework: Framework,
    image: string,
    initializer?: string,
): k8s.apiextensions.CustomResourceArgs {
    const { runtime, mlPolicy, environment } = FRAMEWORKS[framework];
    return {
        apiVersion: TRAINER_API,
        kind: "ClusterTrainingRuntime",
        metadata: {
            name: initializer === undefined ? runtime : withDataset(runtime),
            labels: { "trainer.kubeflow.org/framework": framework },
        },
        spec: {
            mlPolicy,
            template: {
                spec: {
                    failurePolicy: { maxRestarts: 0 },
                    replicatedJobs: [
                        {
                            name: TRAINER_JOB,
                            template: {
                                metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
                                spec: {
                                    backoffLimit: 0,
                                    podFailurePolicy: {
                                        rules: [
                                            {
                                                action: "Ignore",
                                                onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
                                            },
                                        ],
                                    },
                                    template: { spec: podOf(image, environment, initializer) },
                                },
                            },
                        },
                    ],
                },
            },
        },
    };
}

function podOf(image: string, environment: Readonly<Record<string, string>>, initializer?: string): object {
    const dataset = { name: DATASET_CONTAINER, mountPath: DATASET_PATH };
    return {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 10,
        securityContext: podSecurity(),
        ...(initializer !== undefined && { initContainers: [fetching(initializer)] }),
        containers: [
            {
                name: TRAINER_JOB,
                image,
                imagePullPolicy: "IfNotPresent",
                securityContext: containerSecurity(),
                resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "2Gi" } },
                env: Object.entries(environment).map(([name, value]) => ({ name, value })),
                volumeMounts: [
                    { name: "tmp", mountPath: "/tmp" },
                    { name: "shared-memory", mountPath: "/dev/shm" },
                    ...(initializer === undefined ? [] : [{ ...dataset, readOnly: true }]),
                ],
                // The last lines of what failed become the pod's message, for `kubectl describe` and our progress.
                terminationMessagePolicy: "FallbackToLogsOnError",
            },
        ],
        volumes: [
            { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
            { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
            ...(initializer === undefined ? [] : [{ name: DATASET_CONTAINER, emptyDir: {} }]),
        ],
    };
}

function fetching(image: string): object {
    return {
        name: DATASET_CONTAINER,
        image,
        imagePullPolicy: "IfNotPresent",
        command: ["mlp-steps", "fetch", "--to", DATASET_PATH],
        securityContext: containerSecurity(),
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            { name: DATASET_CONTAINER, mountPath: DATASET_PATH },
        ],
        terminationMessagePolicy: "FallbackToLogsOnError",
    };
}
