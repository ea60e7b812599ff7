import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Framework, TrainingJob } from "../../../components";
import { record, Registered } from "../../support/mocks";

describe("TrainingJob", () => {
    let directory: string;
    let resources: Registered[];
    let options: pulumi.CustomResourceOptions | undefined;
    beforeAll(async () => {
        directory = mkdtempSync(join(tmpdir(), "mlp-code-"));
        writeFileSync(join(directory, "train.py"), "print(1)");
        resources = await record(() => {
            const provider = new k8s.Provider("k");
            const pool = {
                name: "a",
                resource: "nvidia.com/gpu",
                gpusPerNode: 4,
                maxNodes: 1,
                nodeLabels: { pool: "a" },
            };
            new TrainingJob(
                "digits",
                {
                    namespace: "team",
                    framework: Framework.Torch,
                    cluster: { name: "c", kubernetesVersion: "1.36", gpuPools: [pool] },
                    codeDirectory: directory,
                    nodes: 2,
                    gpus: 2,
                    env: [{ name: "SEED", value: "7" }],
                    data: [{ claimName: "digits-data", mountPath: "/data" }],
                },
                {
                    providers: { kubernetes: provider },
                    transformations: [
                        ({ type, opts }) => {
                            if (type.endsWith(":TrainJob")) options = opts;
                            return undefined;
                        },
                    ],
                },
            );
        });
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    const spec = () => resources.find(({ type }) => type.endsWith(":TrainJob"))!.inputs.spec as Record<string, unknown>;

    it("compiles to a TrainJob of the framework's runtime", () => {
        expect(spec()).toMatchObject({
            runtimeRef: { name: "torch-distributed" },
            trainer: {
                numNodes: 2,
                numProcPerNode: 2,
                command: ["torchrun", "/workspace/code/train.py"],
                env: [
                    { name: "MLP_OUTPUT", value: "/workspace/output" },
                    { name: "SEED", value: "7" },
                ],
                resourcesPerNode: { limits: { "nvidia.com/gpu": "2" }, requests: { "nvidia.com/gpu": "2" } },
            },
        });
    });

    it("mounts code and data read-only and the output writable, on nodes of the pool", () => {
        const text = JSON.stringify(spec().runtimePatches);
        expect(JSON.parse(text)).toMatchObject([
            {
                trainingRuntimeSpec: {
                    template: {
                        spec: {
                            replicatedJobs: [
                                {
                                    name: "node",
                                    template: {
                                        spec: {
                                            template: {
                                                spec: {
                                                    nodeSelector: { pool: "a" },
                                                    containers: [
                                                        {
                                                            volumeMounts: [
                                                                { mountPath: "/workspace/code", readOnly: true },
                                                                { mountPath: "/workspace/output", readOnly: false },
                                                                { mountPath: "/data", readOnly: true },
                                                            ],
                                                        },
                                                    ],
                                                },
                                            },
                                        },
                                    },
                                },
                            ],
                        },
                    },
                },
            },
        ]);
    });

    it("ends the old run before a new one starts: two would write the same output", () => {
        expect(options).toMatchObject({
            deleteBeforeReplace: true,
            replaceOnChanges: ["spec", "metadata.annotations"],
        });
    });

    it("says on the run and on the code which code it was", () => {
        const digests = resources
            .filter(({ type }) => /:(TrainJob|ConfigMap)$/.test(type))
            .map(({ inputs }) => (inputs.metadata as { annotations: Record<string, string> }).annotations);
        expect(digests).toEqual(
            [1, 2].map(() => ({ "mlp.dev/code-digest": expect.stringMatching(/^[0-9a-f]{64}$/) as unknown })),
        );
    });

    it("packs the code into an immutable ConfigMap", () => {
        const map = resources.find(({ type }) => type.endsWith(":ConfigMap"))!.inputs;
        expect(map).toMatchObject({
            immutable: true,
            binaryData: { "file-0": Buffer.from("print(1)").toString("base64") },
        });
    });
});
