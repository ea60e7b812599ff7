import { join } from "node:path";

import * as k8s from "@pulumi/kubernetes";

import { Framework, TrainingJob } from "../../components";
import { references } from "../../images/catalogue";
import { buildPlatform } from "../../infra/platform";
import { clusterOf, resolve } from "../../infra/resolve";
import { LocalPlatform } from "../support/local-platform";
import { record, Registered } from "../support/mocks";

const TEAMS = [{ name: "vision", groups: ["vision"], quota: { cpu: "8", memory: "32Gi", gpus: 4, storage: "1Ti" } }];

const CONFIGURATIONS: Record<string, object> = {
    local: {
        environment: "local",
        cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
        teams: [{ name: "vision" }],
    },
    prod: { environment: "prod", cluster: { kind: "existing", name: "prod" }, teams: TEAMS },
};

/** Every Kubernetes object of a platform, as it would be sent. */
async function objectsOf(input: object): Promise<Record<string, unknown>[]> {
    const spec = resolve(input, references());
    const resources = await record(() =>
        buildPlatform({
            spec,
            cluster: clusterOf(spec, "test", "1.36"),
            kubeconfig: "kubeconfig",
            context: "test",
            images: { references: { ...spec.images } },
        }),
    );
    return named(resources);
}

function named(resources: readonly Registered[]): Record<string, unknown>[] {
    return resources.filter(isObject).map(({ name, inputs }) => ({
        ...inputs,
        // Pulumi names what has no name of its own only when it registers it.
        metadata: { name: `${name}-auto`, ...(inputs.metadata as object) },
    }));
}

function isObject({ type }: Registered): boolean {
    return type.startsWith("kubernetes:");
}

describe("the API server's strict dry run", () => {
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    const apply = (objects: readonly object[]) =>
        platform.kubectl(
            ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--force-conflicts", "--filename=-"],
            JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
        );

    it.each(Object.entries(CONFIGURATIONS))("accepts every object of %s", async (_, input) => {
        const objects = await objectsOf(input);
        const { code, output } = apply(objects);
        expect(output).not.toMatch(/error|invalid|warning/i);
        expect(code).toBe(0);
        expect(output.split("\n").filter((line) => line.includes("serverside-applied")).length).toBe(objects.length);
    });

    it.each([
        ["torch on GPUs", { framework: Framework.Torch, gpus: 1, nodes: 2 }],
        ["torch without", { framework: Framework.Torch, processesPerNode: 2 }],
        ["plain", { framework: Framework.Plain, command: ["python3", "-c", "print(1)"] }],
    ])("and the operator's own webhooks accept a training job: %s", async (_, change) => {
        const pool = { name: "a", resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 1, nodeLabels: {} };
        const args = {
            namespace: "default",
            cluster: { name: "c", kubernetesVersion: "1.36", gpuPools: [pool] },
            codeDirectory: join(__dirname, "../../examples/training/code"),
            env: [{ name: "SEED", value: "7" }],
        };
        const resources = await record(() => {
            const kubernetes = new k8s.Provider("k");
            new TrainingJob("job", { ...args, ...change }, { providers: { kubernetes } });
        });
        const objects = named(resources);
        expect(objects.map(({ kind }) => kind).sort()).toEqual(["ConfigMap", "PersistentVolumeClaim", "TrainJob"]);
        const { code, output } = apply(objects);
        expect([code, output]).toEqual([0, expect.not.stringMatching(/error|invalid|warning/i)]);
    });

    it("would not accept an unknown field: the judge can say no", async () => {
        const objects = await objectsOf(CONFIGURATIONS.local!);
        const deployment = objects.find(({ kind }) => kind === "Deployment")!;
        const { code, output } = apply([{ ...deployment, spec: { ...(deployment.spec as object), replcas: 2 } }]);
        expect(code).not.toBe(0);
        expect(output).toMatch(/replcas/);
    });
});
