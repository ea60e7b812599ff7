import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { Cluster, Framework, Tenant, TrainingTemplate } from "../../components/index";
import { Pipeline, PipelineStep, StepVariable } from "../../components/pipelines";

export interface DigitsArgs {
    readonly tenant: Tenant;
    readonly cluster: Cluster;
    readonly stepsImage: string;
    readonly trainingImage: string;
}

const MODEL = "digits";
const DAY = "24h";
/** Which run it is, for the training processes: steps know it without this. */
const WORKFLOW: StepVariable[] = [
    { name: "MLP_WORKFLOW_NAME", value: "{{workflow.name}}" },
    { name: "MLP_WORKFLOW_UID", value: "{{workflow.uid}}" },
];

/** Data → sweep over learning rates → distributed training → comparison with the champion → registry. */
export function digitsPipeline(args: DigitsArgs, opts: pulumi.ComponentResourceOptions): Pipeline {
    const { tenant, cluster, stepsImage } = args;
    const { namespace } = tenant;
    const training = new TrainingTemplate(
        "digits",
        {
            namespace,
            tenant,
            cluster,
            framework: Framework.Torch,
            codeDirectory: join(__dirname, "code"),
            nodes: 2,
            cpu: "250m",
            memory: "1Gi",
            dataset: { uri: "{{inputs.parameters.uri}}", sha256: "{{inputs.parameters.sha256}}" },
            env: [
                ...WORKFLOW,
                { name: "EPOCHS", value: "{{workflow.parameters.epochs}}" },
                { name: "LEARNING_RATE", value: "{{inputs.parameters.learning-rate}}" },
                { name: "MODEL_PATH", value: `models/${MODEL}/{{workflow.uid}}` },
            ],
            deadlineSeconds: 1800,
        },
        opts,
    );
    return new Pipeline(
        "digits",
        {
            namespace,
            cluster,
            images: { references: { "pipeline-steps": stepsImage } },
            description: "Trains a classifier of handwritten digits and registers it",
            parameters: [
                { name: "epochs", default: "8", description: "Epochs of the training" },
                { name: "sweep-epochs", default: "2", description: "Epochs of each try of the sweep" },
                {
                    name: "learning-rates",
                    default: '["0.0005", "0.002", "0.01"]',
                    description: "JSON list of learning rates to try",
                },
                { name: "git-commit", default: "unknown", description: "Commit of this code, for lineage" },
            ],
            timeout: "1h",
            steps: [...dataSteps(args), ...sweepSteps(args), ...modelSteps(args, training.manifest)],
        },
        opts,
    );

    function dataSteps({ trainingImage: image }: DigitsArgs): PipelineStep[] {
        return [
            {
                name: "load",
                image,
                ...script("load.py"),
                memory: "1Gi",
                cache: { maxAge: DAY },
                outputArtifacts: [{ name: "digits", path: "/tmp/digits" }],
                outputParameters: [{ name: "sha256", path: "/tmp/sha256" }],
            },
            {
                name: "store",
                image: stepsImage,
                command: ["mlp-steps", "put", "--from", "/inputs/digits", "--to", "datasets/digits/{sha256}"],
                retry: { limit: 2 },
                cache: { maxAge: DAY, key: "{{inputs.parameters.sha256}}" },
                parameters: [{ name: "sha256", from: "load.sha256" }],
                artifacts: [{ name: "digits", from: "load.digits", path: "/inputs/digits" }],
                outputParameters: outputs("uri", "sha256"),
            },
        ];
    }

    function sweepSteps({ trainingImage: image }: DigitsArgs): PipelineStep[] {
        return [
            {
                name: "sweep",
                image,
                ...script("sweep.py"),
                memory: "1Gi",
                env: [
                    { name: "EPOCHS", value: "{{workflow.parameters.sweep-epochs}}" },
                    { name: "LEARNING_RATE", value: "{{item}}" },
                ],
                forEach: { parameter: "learning-rates" },
                retry: { limit: 2 },
                cache: {
                    maxAge: DAY,
                    key: "{{inputs.parameters.sha256}}/{{workflow.parameters.sweep-epochs}}/{{inputs.parameters.item}}",
                },
                parameters: [{ name: "sha256", from: "load.sha256" }],
                artifacts: [{ name: "digits", from: "load.digits", path: "/inputs/digits" }],
                outputParameters: outputs("result"),
            },
            {
                name: "choose",
                image: stepsImage,
                ...script("choose.py"),
                env: [{ name: "RESULTS", value: "{{inputs.parameters.results}}" }],
                parameters: [{ name: "results", from: "sweep.result" }],
                outputParameters: outputs("learning-rate"),
            },
        ];
    }

    function modelSteps({ trainingImage: image }: DigitsArgs, manifest: pulumi.Output<string>): PipelineStep[] {
        return [
            {
                name: "train",
                // It gives trainjob, image and result by itself.
                training: { manifest },
                parameters: [
                    { name: "uri", from: "store.uri" },
                    { name: "sha256", from: "store.sha256" },
                    { name: "learning-rate", from: "choose.learning-rate" },
                ],
            },
            {
                name: "evaluate",
                image,
                ...script("evaluate.py"),
                memory: "1Gi",
                retry: { limit: 2 },
                env: [
                    { name: "MODEL", value: MODEL },
                    { name: "RESULT", value: "{{inputs.parameters.result}}" },
                ],
                parameters: [{ name: "result", from: "train.result" }],
                artifacts: [{ name: "digits", from: "load.digits", path: "/inputs/digits" }],
                outputParameters: outputs("accuracy", "champion-accuracy", "run-id", "source"),
            },
            {
                name: "register",
                image: stepsImage,
                command: ["mlp-steps", "register", "--model", MODEL],
                args: [
                    "--source={{inputs.parameters.source}}",
                    "--run-id={{inputs.parameters.run-id}}",
                    "--git-commit={{workflow.parameters.git-commit}}",
                    "--trainjob={{inputs.parameters.trainjob}}",
                    "--image={{inputs.parameters.image}}",
                    "--dataset-sha256={{inputs.parameters.sha256}}",
                    "--metric=accuracy={{inputs.parameters.accuracy}}",
                ],
                retry: { limit: 3 },
                parameters: [
                    { name: "image", from: "train.image" },
                    { name: "trainjob", from: "train.trainjob" },
                    { name: "sha256", from: "store.sha256" },
                    { name: "source", from: "evaluate.source" },
                    { name: "run-id", from: "evaluate.run-id" },
                    { name: "accuracy", from: "evaluate.accuracy" },
                ],
                outputParameters: outputs("model", "version"),
            },
            {
                name: "promote",
                image: stepsImage,
                command: ["mlp-steps", "alias", "--model", MODEL, "--metric", "accuracy"],
                args: [
                    "--version={{inputs.parameters.version}}",
                    "--champion-value={{inputs.parameters.champion-accuracy}}",
                ],
                retry: { limit: 3 },
                parameters: [
                    { name: "version", from: "register.version" },
                    { name: "champion-accuracy", from: "evaluate.champion-accuracy" },
                ],
                outputParameters: outputs("alias"),
            },
        ];
    }
}

/** A script of steps/ as the step's command: a change of it is another step, and no cached result of the old one counts. */
function script(name: string): { command: string[] } {
    return { command: ["python3", "-c", readFileSync(join(__dirname, "steps", name), "utf8")] };
}

/** Files of that name below /tmp/outputs. */
function outputs(...names: string[]): { name: string; path: string }[] {
    return names.map((name) => ({ name, path: `/tmp/outputs/${name}` }));
}
