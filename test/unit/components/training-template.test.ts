import * as k8s from "@pulumi/kubernetes";

import { Cluster, Framework, InvalidConfiguration, Tenant, Training, TrainingTemplate } from "../../../components";
import { resolveTrainingJob } from "../../../components/training/resolve-job";
import { record } from "../../support/mocks";

const cluster: Cluster = { name: "c", kubernetesVersion: "1.36", gpuPools: [] };
const tenant: Tenant = {
    name: "vision",
    namespace: "team-vision",
    objectPrefix: "team-vision/",
    pipelineServiceAccount: "pipeline",
    memberServiceAccount: "member",
    objects: { region: "local" },
};
const job = { framework: Framework.Torch, cluster, command: ["true"] };

interface Manifest {
    metadata: Record<string, unknown>;
    spec: { runtimeRef: object; trainer: { env: object[] }; runtimePatches: object[] };
}

async function manifestOf(dataset: boolean): Promise<Manifest> {
    let manifest = "";
    await record(() => {
        const template = new TrainingTemplate(
            "digits",
            {
                ...job,
                namespace: "team-vision",
                ...(dataset && { tenant, dataset: { uri: "{{inputs.parameters.uri}}", sha256: "ab" } }),
            },
            { providers: { kubernetes: new k8s.Provider("k") } },
        );
        template.manifest.apply((value) => (manifest = value));
    });
    return JSON.parse(manifest) as Manifest;
}

describe("TrainingTemplate", () => {
    it("gives each of its jobs a name of its own", async () => {
        expect((await manifestOf(false)).metadata).toMatchObject({ generateName: "digits-" });
    });

    it("gives a team's pods their account with its token, their environment and the data set", async () => {
        const { spec } = await manifestOf(true);
        expect(spec.runtimeRef).toEqual({ name: "torch-distributed-dataset" });
        const text = JSON.stringify(spec.runtimePatches);
        expect(text).toContain('"serviceAccountName":"pipeline"');
        expect(text).toContain('"serviceAccountToken"');
        expect(text).toContain('{"name":"STORAGE_URI","value":"{{inputs.parameters.uri}}"}');
        expect(spec.trainer.env).toContainEqual({
            name: "MLFLOW_TRACKING_URI",
            valueFrom: { configMapKeyRef: { name: "mlp-environment", key: "MLFLOW_TRACKING_URI", optional: true } },
        });
    });

    it("gives pods without a team neither account nor keys", async () => {
        const { spec } = await manifestOf(false);
        expect(spec.runtimeRef).toEqual({ name: "torch-distributed" });
        expect(JSON.stringify(spec)).not.toMatch(/serviceAccount|object-store/);
    });
});

describe("a data set", () => {
    const resolve = (uri: string, of: Tenant | undefined = tenant) =>
        resolveTrainingJob({ ...job, dataset: { uri }, ...(of && { tenant: of }) }, "digits");

    it.each(["s3://artifacts/team-vision/datasets/a", "datasets/a", "{{inputs.parameters.uri}}"])(
        "may be %s",
        (uri) => {
            expect(() => resolve(uri)).not.toThrow();
        },
    );

    it.each(["/datasets/a", "https://example.org/a", "s3://artifacts", ""])("is refused at %j", (uri) => {
        expect(() => resolve(uri)).toThrow(/digits\.dataset\.uri: .*s3:\/\/<bucket>\/<path>/);
    });

    it("is refused without a tenant", () => {
        const without = () => resolveTrainingJob({ ...job, dataset: { uri: "a" } }, "digits");
        expect(without).toThrow(InvalidConfiguration);
        expect(without).toThrow(/digits\.dataset: "a" .*tenant/);
    });
});

describe("Training", () => {
    it("offers each runtime with a data set too, where there is an image that brings it", async () => {
        const names = async (references: Record<string, string>) => {
            const images = { jobset: "j", trainer: "t", "torch-runtime": "a", "plain-runtime": "b" };
            const resources = await record(() => {
                const providers = { kubernetes: new k8s.Provider("k") };
                new Training("training", { images: { references: { ...images, ...references } } }, { providers });
            });
            return resources.filter(({ type }) => type.endsWith(":ClusterTrainingRuntime")).map(({ name }) => name);
        };
        expect((await names({})).sort()).toEqual(["plain", "torch-distributed"]);
        expect((await names({ "pipeline-steps": "s" })).sort()).toEqual([
            "plain",
            "plain-dataset",
            "torch-distributed",
            "torch-distributed-dataset",
        ]);
    });
});
