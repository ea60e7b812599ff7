import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, Tenant } from "../contracts";
import { codeOf, DIGEST_ANNOTATION } from "./code-map";
import { Framework } from "./framework";
import { OUTPUT_PATH, trainJobOf } from "./manifest";
import { resolveTrainingJob } from "./resolve-job";

/** An environment variable of the training processes. */
export interface EnvironmentVariable {
    name: string;
    value: pulumi.Input<string>;
}

/** An existing volume that the training reads. */
export interface TrainingData {
    /** PersistentVolumeClaim in the job's namespace. */
    claimName: pulumi.Input<string>;
    /** Absolute path in the container, outside `/workspace`, `/tmp` and `/dev/shm`. */
    mountPath: string;
}

/** What the object store holds for the processes to read, at `/workspace/data`. */
export interface Dataset {
    /** `s3://…` or a path below the team's prefix; a folder, or one object. */
    uri: pulumi.Input<string>;
    /** SHA-256 as `mlp-steps put` gave it: the job fails where the contents are others. Default: not checked. */
    sha256?: pulumi.Input<string>;
}

/** The volume that receives what the training makes. */
export interface OutputVolume {
    /** Capacity, as a Kubernetes quantity. Default: `1Gi`. */
    size?: string;
    /** StorageClass. Default: the cluster's. */
    storageClass?: string;
    /** `ReadWriteOnce` where all nodes of the job share a machine, else `ReadWriteMany`. Default: `ReadWriteOnce`. */
    accessMode?: string;
}

export interface TrainingJobArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    /** Decides runtime and launcher. */
    framework: Framework;
    /** Cluster that runs it: GPU requests beyond its pools are refused here instead of waiting for ever. */
    cluster: Cluster;
    /** Image of the processes. Default: the framework's own. */
    image?: string;
    /**
     * Directory of training code, packaged and mounted at `/workspace/code`; at most 700 KiB. Its SHA-256 is the
     * annotation `mlp.dev/code-digest` of the TrainJob and of the ConfigMap.
     */
    codeDirectory?: string;
    /** Script within `codeDirectory` that the framework's launcher starts. Default: `train.py`. */
    entrypoint?: string;
    /** Command instead of launcher and script; needed where there is no `codeDirectory`. */
    command?: string[];
    /** Arguments of the script or command. */
    args?: string[];
    /** Number of nodes: one pod each. Default: 1. */
    nodes?: number;
    /** Processes on every node, for torch alone. Default: one for each GPU, else 1. */
    processesPerNode?: number;
    /** CPU request of a node, as a Kubernetes quantity. Default: `1`. */
    cpu?: string;
    /** Memory request and limit of a node, as a Kubernetes quantity. Default: `2Gi`. */
    memory?: string;
    /** Whole GPUs of a node. Default: 0. */
    gpus?: number;
    /** Pool whose GPUs it takes. Default: the only one that is large enough. */
    gpuPool?: string;
    /** Environment of every process, on top of the runtime's and `MLP_OUTPUT`. Default: none. */
    env?: EnvironmentVariable[];
    /**
     * Team that it belongs to, and whose namespace `namespace` is: its pods reach the team's objects and the model
     * registry, as the account of its pipelines. Default: none, they reach neither.
     */
    tenant?: Tenant;
    /** Brought to every node before it starts; needs a `tenant`. Default: none. */
    dataset?: Dataset;
    /** Existing volumes to read. Default: none. */
    data?: TrainingData[];
    /** Keeps what is written to `/workspace/output` after the job. Default: a volume of 1Gi. */
    output?: OutputVolume;
    /** Seconds after which the job is stopped as failed. Default: 24 hours. */
    deadlineSeconds?: number;
    /** Change it to train again with nothing else changed. */
    run?: pulumi.Input<string>;
}

/**
 * One training run as a Kubeflow TrainJob, with its code and the volume for its results. A change removes the old run
 * and starts a new one under a new name; the output volume stays.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/user-guides/
 */
export class TrainingJob extends pulumi.ComponentResource {
    /** Name of the TrainJob, its JobSet, and the prefix of its pods. */
    readonly jobName: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string>;
    /** PersistentVolumeClaim that holds `/workspace/output`. */
    readonly outputClaim: pulumi.Output<string>;

    constructor(name: string, args: TrainingJobArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:TrainingJob", name, {}, opts);
        const parent = { parent: this };
        const spec = resolveTrainingJob(args, name);
        const { namespace } = args;

        const code = codeOf(spec, name, namespace, parent);
        const output = new k8s.core.v1.PersistentVolumeClaim(
            `${name}-output`,
            {
                // Bound when the first pod runs, which Pulumi does not start.
                metadata: { namespace, annotations: { "pulumi.com/skipAwait": "true" } },
                spec: {
                    accessModes: [spec.output.accessMode],
                    resources: { requests: { storage: spec.output.size } },
                    ...(spec.output.storageClass && { storageClassName: spec.output.storageClass }),
                },
            },
            parent,
        );
        const volumes = [
            ...(code ? [code.volume] : []),
            {
                name: "output",
                mountPath: OUTPUT_PATH,
                readOnly: false,
                source: { persistentVolumeClaim: { claimName: output.metadata.name } },
            },
            ...(args.data ?? []).map(({ claimName, mountPath }, index) => ({
                name: `data-${index}`,
                mountPath,
                readOnly: true,
                source: { persistentVolumeClaim: { claimName, readOnly: true } },
            })),
        ];
        const job = new k8s.apiextensions.CustomResource(
            name,
            trainJobOf(spec, {
                namespace,
                env: args.env ?? [],
                ...(args.tenant && { tenant: args.tenant }),
                ...(args.dataset && { dataset: args.dataset }),
                volumes,
                annotations: {
                    ...(code && { [DIGEST_ANNOTATION]: code.digest }),
                    ...(args.run !== undefined && { "mlp.dev/run": args.run }),
                },
            }),
            // Nearly every field of a TrainJob is immutable: a change is a new run. The old one ends first: two would
            // write the same output and wait for the same GPUs.
            { ...parent, replaceOnChanges: ["spec", "metadata.annotations"], deleteBeforeReplace: true },
        );

        this.jobName = job.metadata.name;
        this.namespace = pulumi.output(namespace);
        this.outputClaim = output.metadata.name;
        this.registerOutputs({
            jobName: this.jobName,
            namespace: this.namespace,
            outputClaim: this.outputClaim,
        });
    }
}
