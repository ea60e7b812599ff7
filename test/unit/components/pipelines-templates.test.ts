import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { cacheKeyOf } from "../../../components/pipelines/cache-key";
import { Pipeline } from "../../../components/pipelines/pipeline";
import type { PipelineArgs } from "../../../components/pipelines/pipeline-args";
import { resolvePipeline } from "../../../components/pipelines/resolve-pipeline";
import { workflowSpecOf } from "../../../components/pipelines/templates";
import { record, Registered } from "../../support/mocks";

const args: Omit<PipelineArgs, "namespace"> = {
    images: { references: { "pipeline-steps": "steps:1" } },
    cluster: {
        name: "c",
        kubernetesVersion: "1.36",
        gpuPools: [{ name: "a", resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 1, nodeLabels: { pool: "a" } }],
    },
    description: "Digits, from data to model",
    parameters: [
        { name: "rate", default: "0.1", values: ["0.1", "0.01"], description: "Learning rate" },
        { name: "seeds", default: "[1,2]" },
    ],
    steps: [
        {
            name: "load",
            image: "python:3",
            command: ["python", "-m", "load"],
            outputArtifacts: [{ name: "data", path: "/tmp/data" }],
            outputParameters: [{ name: "digest", path: "/tmp/digest" }],
        },
        {
            name: "sweep",
            image: "python:3",
            command: ["python"],
            args: ["--seed={{item}}", "--rate={{inputs.parameters.rate}}"],
            parameters: [
                { name: "rate", parameter: "rate" },
                { name: "digest", from: "load.digest" },
            ],
            artifacts: [{ name: "data", path: "/inputs/data", from: "load.data" }],
            outputParameters: [{ name: "loss", path: "/tmp/loss" }],
            forEach: { parameter: "seeds" },
            cache: { maxAge: "7d", key: "{{inputs.parameters.digest}} it's {{item}}" },
            retry: { limit: 2, onlyLostPods: true },
            gpus: 1,
            timeout: "30m",
        },
        {
            name: "train",
            training: { manifest: JSON.stringify({ kind: "TrainJob", spec: { env: "{{workflow.parameters.rate}}" } }) },
            when: "{{workflow.parameters.rate}} != 0",
            dependsOn: ["sweep"],
        },
    ],
    schedule: { cron: ["0 3 * * *"], parameters: { rate: "0.01" } },
};

describe("Pipeline", () => {
    let resources: Registered[];
    beforeAll(async () => {
        resources = await record(() => {
            const provider = new k8s.Provider("k");
            new Pipeline("digits", { namespace: "team-a", ...args }, { providers: { kubernetes: provider } });
        });
    });

    const specOf = (kind: string) => {
        return resources.find(({ type }) => type.endsWith(`:${kind}`))!.inputs.spec as Record<string, unknown>;
    };
    const templates = () => specOf("WorkflowTemplate").templates as Record<string, never>[];
    const template = (name: string) => templates().find((one) => one.name === name)!;

    it("hands parameters, artifacts and items on within one graph", () => {
        expect(template("main")).toMatchObject({
            dag: {
                tasks: [
                    { name: "load", template: "load" },
                    {
                        name: "sweep",
                        dependencies: ["load"],
                        withParam: "{{workflow.parameters.seeds}}",
                        arguments: {
                            parameters: [
                                { name: "rate", value: "{{workflow.parameters.rate}}" },
                                { name: "digest", value: "{{tasks.load.outputs.parameters.digest}}" },
                                { name: "item", value: "{{item}}" },
                            ],
                            artifacts: [{ name: "data", from: "{{tasks.load.outputs.artifacts.data}}" }],
                        },
                    },
                    { name: "train", dependencies: ["sweep"], when: "{{workflow.parameters.rate}} != 0" },
                ],
            },
        });
    });

    it("gives every pod image, command, limits, deadline, scratch and no rights", () => {
        for (const one of templates().filter(({ name }) => name !== ("main" as never))) {
            expect(one).toMatchObject({
                activeDeadlineSeconds: expect.any(Number) as unknown,
                volumes: [{ name: "scratch", emptyDir: {} }],
                container: {
                    image: expect.stringMatching(/./) as unknown,
                    imagePullPolicy: "IfNotPresent",
                    command: [expect.any(String), ...([] as unknown[])].concat(
                        (one.container as unknown as { command: string[] }).command.slice(1),
                    ),
                    resources: {
                        requests: { cpu: expect.any(String) as unknown, memory: expect.any(String) as unknown },
                        limits: { memory: expect.any(String) as unknown },
                    },
                    securityContext: {
                        runAsNonRoot: true,
                        allowPrivilegeEscalation: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"] },
                        seccompProfile: { type: "RuntimeDefault" },
                    },
                    volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
                },
            });
        }
    });

    it("reads the item within a step as an input, which alone Argo knows there", () => {
        expect(template("sweep")).toMatchObject({
            inputs: { parameters: [{ name: "rate" }, { name: "digest" }, { name: "item" }] },
            container: { args: ["--seed={{inputs.parameters.item}}", "--rate={{inputs.parameters.rate}}"] },
        });
    });

    it("takes GPUs, further tries and its deadline", () => {
        expect(template("sweep")).toMatchObject({
            activeDeadlineSeconds: 1800,
            retryStrategy: {
                limit: "2",
                retryPolicy: "OnError",
                backoff: { duration: "10s", factor: "2", cap: "300s" },
            },
            nodeSelector: { pool: "a" },
            container: { resources: { limits: { "nvidia.com/gpu": "1" } } },
        });
    });

    it("waits in a queue where it is given one, and starts again what is taken away for somebody else", () => {
        interface Spec {
            podMetadata: { labels: Record<string, string> };
            templates: { name: string; retryStrategy?: { retryPolicy: string; expression?: string; limit: string } }[];
        }
        const specOf = (more: Partial<PipelineArgs>) =>
            workflowSpecOf("p", { ...args, ...more }, resolvePipeline(args, "p"), { namespace: "team-a" }) as Spec;
        const { podMetadata, templates } = specOf({ queueName: "default" });
        expect(podMetadata.labels["kueue.x-k8s.io/queue-name"]).toBe("default");
        const retries = Object.fromEntries(templates.map(({ name, retryStrategy }) => [name, retryStrategy]));
        expect(retries.load).toMatchObject({ limit: "20", retryPolicy: "Always" });
        expect(retries.load?.expression).toContain('lastRetry.exitCode == "143"');
        expect(retries.sweep).toMatchObject({ limit: "2", expression: retries.load?.expression });

        const without = specOf({});
        expect(without.podMetadata.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
        expect(without.templates.map(({ retryStrategy }) => retryStrategy?.retryPolicy)).toEqual([
            undefined,
            undefined,
            "OnError",
            undefined,
        ]);
    });

    it("keeps results in a cache that is the namespace's own", () => {
        expect(template("sweep")).toMatchObject({
            memoize: {
                maxAge: "604800s",
                key: expect.stringMatching(/^sweep-[0-9a-f]{16}-\{\{=.*\}\}$/) as unknown,
                cache: { configMap: { name: "team-a.digits" } },
            },
        });
    });

    it("starts a TrainJob by the platform's own step, and gives what it made", () => {
        expect(template("train")).toMatchObject({
            outputs: {
                parameters: ["trainjob", "image", "result"].map((name) => ({
                    name,
                    valueFrom: { path: `/tmp/outputs/${name}` },
                })),
            },
            container: {
                image: "steps:1",
                command: ["mlp-steps"],
                args: ["train", "--job", "train"],
                env: expect.arrayContaining([
                    { name: "MLP_WORKFLOW_NAME", value: "{{workflow.name}}" },
                    { name: "MLP_WORKFLOW_UID", value: "{{workflow.uid}}" },
                    {
                        name: "MLP_TRAINJOB",
                        value: JSON.stringify({ kind: "TrainJob", spec: { env: "{{workflow.parameters.rate}}" } }),
                    },
                ]) as unknown,
            },
        });
    });

    it("shows its parameters to the UI, with the values that there are", () => {
        expect(specOf("WorkflowTemplate").arguments).toEqual({
            parameters: [
                { name: "rate", value: "0.1", enum: ["0.1", "0.01"], description: "Learning rate" },
                { name: "seeds", value: "[1,2]" },
            ],
        });
    });

    it("runs by itself as the schedule says, never twice at a time", () => {
        expect(specOf("CronWorkflow")).toMatchObject({
            schedules: ["0 3 * * *"],
            timezone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
            workflowSpec: {
                workflowTemplateRef: { name: "digits" },
                arguments: { parameters: [{ name: "rate", value: "0.01" }] },
            },
        });
    });

    it("renders the same bytes each time", async () => {
        const spec = resolvePipeline(args, "digits");
        const render = () =>
            new Promise((resolve) => {
                pulumi.jsonStringify(workflowSpecOf("digits", args, spec, { namespace: "team-a" })).apply(resolve);
            });
        const first = await render();
        for (let again = 0; again < 9; again++) expect(await render()).toBe(first);
    });

    const keyOf = async (change: object) => {
        const [load, sweep, train] = args.steps;
        const changed = { ...args, steps: [load!, { ...sweep!, ...change }, train!] };
        const spec = workflowSpecOf("digits", changed, resolvePipeline(changed, "digits"), { namespace: "t" });
        return new Promise<string>((resolve) => {
            pulumi
                .output(spec as { templates: { name: string; memoize?: { key: string } }[] })
                .apply(({ templates: all }) => resolve(all.find(({ name }) => name === "sweep")?.memoize?.key ?? ""));
        });
    };

    it.each([
        ["image", { image: "python:4" }],
        ["command", { command: ["python3"] }],
        ["arguments", { args: ["--seed={{item}}"] }],
        ["environment", { env: [{ name: "A", value: "1" }] }],
        ["outputs", { outputParameters: [{ name: "loss", path: "/tmp/other" }] }],
    ])("does not take a result of another %s for its own", async (_, change) => {
        expect(await keyOf(change)).not.toBe(await keyOf({}));
    });
});

describe("cacheKeyOf", () => {
    it("needs nothing where nothing comes in", () => {
        expect(cacheKeyOf(undefined, [])).toBe("");
    });

    it("hashes what comes in, as keys are letters, digits and dashes", () => {
        expect(cacheKeyOf(undefined, ["rate"], ["seed"])).toBe(
            "-{{=sprig.substr(0, 32, sprig.sha256sum(toJson([inputs.parameters['rate'], workflow.parameters['seed']])))}}",
        );
    });

    it("takes text and references of a key apart", () => {
        expect(cacheKeyOf("it's {{inputs.parameters.a}}", [])).toContain("['it\\'s ', inputs.parameters['a']]");
    });
});
