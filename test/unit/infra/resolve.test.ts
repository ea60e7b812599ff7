import * as fc from "fast-check";

import { InvalidConfiguration } from "../../../components/problems";
import { references } from "../../../images/catalogue";
import { clusterOf, resolve } from "../../../infra/resolve";

const local = {
    environment: "local",
    cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
};

function problemsOf(input: unknown): string {
    try {
        resolve(input, references());
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.message;
        throw error;
    }
    return "";
}

describe("resolve", () => {
    it("fills in every default of the local environment", () => {
        expect(resolve(local, references())).toMatchObject({
            environment: "local",
            protect: false,
            simulatedGpus: true,
            cluster: { gpuPools: [{ resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 1, nodeLabels: {} }] },
            training: { replicas: 1, certificates: { validityHours: 8760 } },
        });
    });

    it.each([
        [
            "an unknown key",
            { ...local, clutser: {} },
            /^mlp:platform\.clutser: \{\} is not allowed \(no such key here\)/,
        ],
        [
            "a wrong type, with its path into the list",
            { ...local, cluster: { kind: "embedded", gpuPools: [{ name: "a", gpusPerNode: "4" }] } },
            /^mlp:platform\.cluster\.gpuPools\[0\]\.gpusPerNode: "4" is not allowed \(of type number\)/,
        ],
        [
            "a wrong environment, with those allowed",
            { ...local, environment: "test" },
            /"test".*one of local, dev, staging, prod/,
        ],
        [
            "an unknown kind of cluster",
            { ...local, cluster: { kind: "gke" } },
            /cluster\.kind: "gke".*embedded, existing/,
        ],
        [
            "the embedded cluster outside local",
            { ...local, environment: "prod" },
            /cluster\.kind: "embedded".*existing/,
        ],
        [
            "a cluster without a name in prod, where a renamed context would replace everything",
            { environment: "prod", cluster: { kind: "existing", context: "main" } },
            /^mlp:platform\.cluster\.name: undefined .*a name in prod/,
        ],
        [
            "two pools of one name",
            {
                environment: "dev",
                cluster: { kind: "existing", gpuPools: [1, 2].map(() => ({ name: "a", gpusPerNode: 1 })) },
            },
            /gpuPools\[1\]\.name: "a"/,
        ],
        [
            "an image that the catalogue lacks",
            { ...local, training: { runtimes: [{ framework: "torch", image: "torch-9" }] } },
            /training\.runtimes\[0\]\.image: "torch-9".*torch-runtime.*images\/catalogue\.ts/,
        ],
        [
            "a renewal before the beginning",
            { ...local, training: { certificates: { validityHours: 1, renewBeforeHours: 2 } } },
            /certificates\.renewBeforeHours: 2 .*from 1 to validityHours \(1\)/,
        ],
        [
            "a replaced image that the catalogue lacks, and one that is not pinned",
            { ...local, images: { caffe: "a/b:1", trainer: "a/b:latest" } },
            /images\.caffe: "a\/b:1" .*one of [^]*debian-trixie[^]*images\.trainer: "a\/b:latest" .*other than latest/,
        ],
        ["no configuration at all", undefined, /^mlp:platform: undefined is not allowed/],
    ])("refuses %s", (_, input, message) => {
        expect(problemsOf(input)).toMatch(message);
    });

    it.each(["a/b:1.2", "localhost:5000/b:v1", `a.b/c@sha256:${"0".repeat(64)}`, `a/b:1@sha256:${"f".repeat(64)}`])(
        "takes %s in place of an image of the catalogue",
        (reference) => {
            expect(resolve({ ...local, images: { trainer: reference } }, references()).images.trainer).toBe(reference);
        },
    );

    it.each([
        ["its name", { environment: "prod", cluster: { kind: "existing", name: "main" } }, "main"],
        ["its context where it has no name", { environment: "dev", cluster: { kind: "existing" } }, "eu/prod"],
        ["its context where it is embedded", local, "eu/prod"],
    ])("knows a cluster by %s", (_, input, expected) => {
        expect(clusterOf(resolve(input, references()), "eu/prod", "1.36").name).toBe(expected);
    });

    it.each([
        ["torch-runtime", "without GPUs", { kind: "existing" }],
        ["torch-runtime", "with simulated GPUs", local.cluster],
        ["torch-runtime-cuda", "with real GPUs", { kind: "existing", gpuPools: [{ name: "a", gpusPerNode: 8 }] }],
    ])("runs PyTorch in %s %s", (image, _, cluster) => {
        const { runtimes } = resolve(
            { environment: cluster === local.cluster ? "local" : "dev", cluster },
            references(),
        ).training;
        expect(runtimes).toEqual([
            { framework: "torch", image },
            { framework: "plain", image: "plain-runtime" },
        ]);
    });

    it("takes the stack file's runtimes, GPUs or not", () => {
        const cluster = { kind: "existing", gpuPools: [{ name: "a", gpusPerNode: 8 }] };
        const runtimes = [{ framework: "torch", image: "torch-runtime" }];
        const spec = resolve({ environment: "dev", cluster, training: { runtimes } }, references());
        expect(spec.training.runtimes).toEqual(runtimes);
    });

    it("names all problems at once, one a line", () => {
        const lines = problemsOf({ environment: "x", cluster: { kind: "embedded", foo: 1 }, bar: 2 }).split("\n");
        expect(lines).toHaveLength(3);
    });

    it("either resolves or names problems below mlp:platform, and never changes its input", () => {
        const pool = fc.record({ name: fc.constantFrom("a", "b", "C"), gpusPerNode: fc.integer({ min: -1, max: 20 }) });
        const input = fc.record({
            environment: fc.constantFrom("local", "dev", "prod", "moon"),
            cluster: fc.record({
                kind: fc.constantFrom("embedded", "existing", "x"),
                gpuPools: fc.array(pool, { maxLength: 3 }),
            }),
        });
        fc.assert(
            fc.property(input, (value) => {
                const before = JSON.stringify(value);
                try {
                    const spec = resolve(value, references());
                    expect(Object.isFrozen(spec.cluster.gpuPools)).toBe(true);
                    expect(resolve(value, references())).toEqual(spec);
                } catch (error) {
                    expect(error).toBeInstanceOf(InvalidConfiguration);
                    for (const line of (error as Error).message.split("\n")) expect(line).toMatch(/^mlp:platform/);
                }
                expect(JSON.stringify(value)).toBe(before);
            }),
        );
    });
});
