import * as pulumi from "@pulumi/pulumi";

import { Cluster, Tenant } from "../contracts";
import { codeOf, DIGEST_ANNOTATION } from "./code-map";
import type { Framework } from "./framework";
import type { Dataset, EnvironmentVariable } from "./job";
import { OUTPUT_PATH, trainJobOf } from "./manifest";
import { resolveTrainingJob } from "./resolve-job";

export interface TrainingTemplateArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    /** Decides runtime and launcher. */
    framework: Framework;
    /** Cluster that runs it: GPU requests beyond its pools are refused. */
    cluster: Cluster;
    /** Image of the processes. Default: the framework's own. */
    image?: string;
    /** Directory of training code, packaged and mounted at `/workspace/code`; at most 700 KiB. */
    codeDirectory?: string;
    /** Script within `codeDirectory` that the framework's launcher starts. Default: `train.py`. */
    entrypoint?: string;
    /** Command instead of launcher and script; needed where there is no `codeDirectory`. */
    command?: string[];
    /** Arguments of the script or command; they may hold a pipeline's `{{inputs.parameters.<name>}}`. */
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
    /** Environment of every process; values may hold `{{inputs.parameters.<name>}}`. Default: none. */
    env?: EnvironmentVariable[];
    /** Team that it belongs to, and whose namespace `namespace` is. Default: none. */
    tenant?: Tenant;
    /** Brought to every node before it starts; needs a `tenant`. Default: none. */
    dataset?: Dataset;
    /** Seconds after which a job is stopped as failed. Default: 24 hours. */
    deadlineSeconds?: number;
}

/**
 * A TrainJob that a pipeline's step creates for each of its runs, with its code. `/workspace/output` ends with the pod:
 * what is to stay, the processes write to the object store.
 */
export class TrainingTemplate extends pulumi.ComponentResource {
    /** The TrainJob in JSON, for the `training` of a pipeline's step. */
    readonly manifest: pulumi.Output<string>;

    constructor(name: string, args: TrainingTemplateArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:TrainingTemplate", name, {}, opts);
        const spec = resolveTrainingJob(args, name);
        const { namespace, tenant, dataset } = args;
        const code = codeOf(spec, name, namespace, { parent: this });
        const output = { name: "output", mountPath: OUTPUT_PATH, readOnly: false, source: { emptyDir: {} } };
        const { metadata, ...job } = trainJobOf(spec, {
            namespace,
            env: args.env ?? [],
            ...(tenant && { tenant }),
            ...(dataset && { dataset }),
            volumes: [...(code ? [code.volume] : []), output],
            annotations: code ? { [DIGEST_ANNOTATION]: code.digest } : {},
        });
        const named = pulumi.output(metadata).apply((given) => ({ ...given, generateName: `${name}-` }));
        this.manifest = pulumi.jsonStringify({ ...job, metadata: named });
        this.registerOutputs({ manifest: this.manifest });
    }
}
