import * as pulumi from "@pulumi/pulumi";

import { Cluster, ImageSource } from "../contracts";

/** What a run may be given. Steps read it as `{{workflow.parameters.<name>}}`, or through an input of theirs. */
export interface PipelineParameter {
    name: string;
    /** Value where a run gives none. Default: none, every run must give one. */
    default?: string;
    /** Shown in the UI. */
    description?: string;
    /** The only values allowed. Default: any. */
    values?: string[];
}

/** An environment variable of a step. */
export interface StepVariable {
    name: string;
    /** May refer to `{{inputs.parameters.<name>}}` and `{{workflow.parameters.<name>}}`. */
    value: pulumi.Input<string>;
}

/** A parameter that a step takes: it reads it as `{{inputs.parameters.<name>}}`. Give one of `value`, `parameter` and `from`. */
export interface ParameterInput {
    name: string;
    /** A fixed value; `{{item}}` within a `forEach`. */
    value?: string;
    /** Name of a parameter of the pipeline. */
    parameter?: string;
    /** Output of another step: `<step>.<parameter>`. This step then waits for that one. */
    from?: string;
}

/** An artifact that a step takes: a file or folder, there before it starts. */
export interface ArtifactInput {
    name: string;
    /** Absolute path where the step finds it, outside `/tmp`. */
    path: string;
    /** Artifact of another step: `<step>.<artifact>`. This step then waits for that one. Give this or `key`. */
    from?: string;
    /** Object or prefix in the artifacts bucket, such as `team-a/datasets/digits.csv`. */
    key?: string;
    /** Start without it where it is not there. Default: false. */
    optional?: boolean;
}

/** A parameter that a step gives: the contents of a file that it writes. */
export interface ParameterOutput {
    name: string;
    /** Absolute path of the file, below `/tmp`. */
    path: string;
    /** Value where the file is missing. Default: none, the step fails. */
    default?: string;
}

/** An artifact that a step gives: a file or folder that it writes. */
export interface ArtifactOutput {
    name: string;
    /** Absolute path, below `/tmp`. */
    path: string;
    /** Succeed without it. Default: false. */
    optional?: boolean;
}

/** Further tries of a step that failed. */
export interface StepRetry {
    /** Tries after the first, from 1 on. */
    limit: number;
    /** Wait before the first of them, such as `10s`. Default: `10s`. */
    backoff?: string;
    /** The wait grows by this factor each time. Default: 2. */
    factor?: number;
    /** The longest wait. Default: `5m`. */
    maxBackoff?: string;
    /** Try again only where the pod was lost, not where the program failed. Default: false. */
    onlyLostPods?: boolean;
}

/** A step that has been done is not done again. */
export interface StepCache {
    /** How long a result is good, such as `24h`. */
    maxAge: string;
    /**
     * What the result depends on, besides the step's own image, command, arguments and environment. Default: the input
     * parameters and the item. Needed where the step takes artifacts: their contents are unknown before it starts.
     */
    key?: string;
}

/** Does a step once for each item, all at the same time: it reads `{{item}}`. Give one of the three. */
export interface ForEach {
    /** Fixed items. */
    items?: string[];
    /** Parameter of the pipeline with a JSON list. */
    parameter?: string;
    /** Output of another step with a JSON list: `<step>.<parameter>`. */
    from?: string;
}

/** A training run that a step starts, follows and waits for: the step's log is the training's. */
export interface TrainingStep {
    /**
     * The TrainJob in JSON, as `TrainingTemplate` gives it. Strings within may refer to `{{inputs.parameters.<name>}}` and
     * `{{workflow.parameters.<name>}}`. Its name is made from the workflow's and the step's.
     */
    manifest: pulumi.Input<string>;
}

/** One step: a container that runs to its end, or a training run. */
export interface PipelineStep {
    /** Unique in the pipeline. */
    name: string;
    /** Reference of the image. Needed but for a training step. */
    image?: pulumi.Input<string>;
    /** Program and first arguments. Needed but for a training step: the image is not asked for its own. */
    command?: string[];
    /** Arguments; they may refer to `{{inputs.parameters.<name>}}` and `{{workflow.parameters.<name>}}`. */
    args?: string[];
    /** Default: what the namespace's ConfigMap `mlp-environment` says, where there is one. */
    env?: StepVariable[];
    /** CPU request, as a Kubernetes quantity. Default: `100m`. */
    cpu?: string;
    /** Memory request and limit, as a Kubernetes quantity. Default: `256Mi`. */
    memory?: string;
    /** Whole GPUs. Default: 0. */
    gpus?: number;
    /** Pool whose GPUs it takes. Default: the first that is large enough. */
    gpuPool?: string;
    /** Further tries. Default: none; in a queue those after the pod was taken away for somebody else. */
    retry?: StepRetry;
    /** How long one try may take, such as `30m`. Default: `24h`. */
    timeout?: string;
    /** Reuse of results. Default: none. */
    cache?: StepCache;
    /** Parameters that it takes. Default: none. */
    parameters?: ParameterInput[];
    /** Artifacts that it takes. Default: none. */
    artifacts?: ArtifactInput[];
    /** Parameters that it gives. Default: none. */
    outputParameters?: ParameterOutput[];
    /** Artifacts that it gives. Default: none. */
    outputArtifacts?: ArtifactOutput[];
    /** Steps that must have succeeded before, besides those that it takes something from. Default: none. */
    dependsOn?: string[];
    /** Once for each item. Default: once. */
    forEach?: ForEach;
    /** Condition, such as `{{tasks.evaluate.outputs.parameters.better}} == true`. Default: always. */
    when?: string;
    /** A training run in place of a container. Default: none. */
    training?: TrainingStep;
}

/** When a pipeline runs by itself. */
export interface PipelineSchedule {
    /** Cron expressions with five fields. */
    cron: string[];
    /** IANA name, such as `Europe/Vienna`. Default: `Etc/UTC`. */
    timezone?: string;
    /** Runs that overlap: `Allow`, `Forbid` (the later is left out) or `Replace`. Default: `Forbid`. */
    concurrencyPolicy?: string;
    /** Values of parameters. Default: the parameters' own. */
    parameters?: { [name: string]: string };
    /** Keep it, but do not run. Default: false. */
    suspend?: boolean;
}

export interface PipelineArgs {
    /** A team's namespace. */
    namespace: pulumi.Input<string>;
    /** Must hold `pipeline-steps` where there is a training step. Default: none. */
    images?: ImageSource;
    /** Cluster that runs it: GPUs beyond its pools are refused. Needed where a step asks for GPUs. */
    cluster?: Cluster;
    /** What a run may be given. Default: nothing. */
    parameters?: PipelineParameter[];
    /** In any order: what they need decides which goes first. */
    steps: PipelineStep[];
    /** Default: only when somebody submits it. */
    schedule?: PipelineSchedule;
    /** LocalQueue of the namespace in which its pods wait for their turn: a tenant's `queueName`. Default: none. */
    queueName?: string;
    /** Account of its pods. Default: `pipeline`. */
    serviceAccountName?: pulumi.Input<string>;
    /** How long a run may take, such as `12h`. Default: `24h`. */
    timeout?: string;
    /** Pods of one run at the same time. Default: 20. */
    parallelism?: number;
    /** Shown in the UI. Default: none. */
    description?: string;
}
