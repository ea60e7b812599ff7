import * as fc from "fast-check";

import { Cluster } from "../../../components/contracts";
import { cyclesOf } from "../../../components/pipelines/graph";
import type { PipelineStep } from "../../../components/pipelines/pipeline-args";
import { resolvePipeline } from "../../../components/pipelines/resolve-pipeline";
import { secondsOf } from "../../../components/pipelines/units";
import { InvalidConfiguration } from "../../../components/problems";

const pool = { name: "a", resource: "nvidia.com/gpu", gpusPerNode: 4, maxNodes: 2, nodeLabels: { pool: "a" } };
const cluster: Cluster = { name: "c", kubernetesVersion: "1.36", gpuPools: [pool] };
const images = { references: { "pipeline-steps": "steps:1" } };

function step(name: string, rest: Partial<PipelineStep> = {}): PipelineStep {
    return { name, image: "python:3", command: ["python"], ...rest };
}

const gives = step("load", {
    outputParameters: [{ name: "rows", path: "/tmp/rows" }],
    outputArtifacts: [{ name: "data", path: "/tmp/data" }],
});

describe("resolvePipeline", () => {
    it("lets a step wait for those that it takes something from, names or asks about", () => {
        const steps = [
            gives,
            step("check"),
            step("train", {
                dependsOn: ["check"],
                parameters: [{ name: "rows", from: "load.rows" }],
                when: "{{tasks.load.status}} == Succeeded",
            }),
        ];
        expect(resolvePipeline({ steps }, "digits").steps.map(({ dependencies }) => dependencies)).toEqual([
            [],
            [],
            ["check", "load"],
        ]);
    });

    it("takes GPUs of a pool that is large enough", () => {
        const spec = resolvePipeline({ cluster, steps: [step("train", { gpus: 3 })] }, "digits");
        expect(spec.steps[0]?.gpu).toEqual({ resource: "nvidia.com/gpu", count: 3, nodeLabels: { pool: "a" } });
    });

    it("knows what a training step gives without being told", () => {
        const train = { name: "train", training: { manifest: '{"kind":"TrainJob"}' } };
        const after = step("register", { parameters: [{ name: "job", from: "train.trainjob" }] });
        expect(() => resolvePipeline({ images, steps: [train, after] }, "digits")).not.toThrow();
    });

    it.each<[string, PipelineStep[], RegExp]>([
        ["nothing", [], /digits\.steps: 0 is not allowed/],
        ["a name that stands there twice", [step("a"), step("a")], /digits\.steps\[1\]\.name: "a" .*each name once/],
        ["the name of the graph itself", [step("main")], /digits\.steps\[0\]\.name: "main"/],
        ["a name that Kubernetes refuses", [step("Load_1")], /digits\.steps\[0\]\.name: "Load_1"/],
        ["a step without an image", [{ name: "a", command: ["x"] }], /digits\.steps\[0\]\.image: undefined/],
        ["a step without a command", [{ name: "a", image: "i" }], /digits\.steps\[0\]\.command: undefined/],
        [
            "a circle, with the way around it",
            [step("a", { dependsOn: ["c"] }), step("b", { dependsOn: ["a"] }), step("c", { dependsOn: ["b"] })],
            /digits\.steps\[0\]: "a → c → b → a" is not allowed \(steps none of which waits for itself\)/,
        ],
        ["a step that waits for itself", [step("a", { dependsOn: ["a"] })], /digits\.steps\[0\]: "a → a"/],
        [
            "a step that is not there",
            [step("a", { dependsOn: ["b"] })],
            /digits\.steps\[0\]\.dependsOn\[0\]: "b" is not allowed \(none/,
        ],
        [
            "an output that is not given",
            [gives, step("b", { parameters: [{ name: "n", from: "load.lines" }] })],
            /digits\.steps\[1\]\.parameters\[0\]\.from: "load\.lines" is not allowed \(load\.rows\)/,
        ],
        [
            "an artifact that is not given",
            [gives, step("b", { artifacts: [{ name: "d", path: "/d", from: "load.rows" }] })],
            /digits\.steps\[1\]\.artifacts\[0\]\.from: "load\.rows" is not allowed \(load\.data\)/,
        ],
        [
            "a parameter that the pipeline has not",
            [step("a", { args: ["{{workflow.parameters.epochs}}"] })],
            /digits\.steps\[0\]\.args\[0\]: "epochs" is not allowed \(rate\)/,
        ],
        [
            "a parameter that the step does not take",
            [step("a", { env: [{ name: "N", value: "{{inputs.parameters.n}}" }] })],
            /digits\.steps\[0\]\.env\[0\]\.value: "n"/,
        ],
        [
            "another step's output within a step",
            [gives, step("b", { args: ["{{tasks.load.outputs.parameters.rows}}"] })],
            /digits\.steps\[1\]\.args\[0\]: .* Take it as a parameter with from/,
        ],
        ["a reference that is none", [step("a", { args: ["{{inputs.n}}"] })], /args\[0\]: "\{\{inputs\.n\}\}"/],
        ["an item without forEach", [step("a", { args: ["{{item}}"] })], /args\[0\]: "\{\{item\}\}" .*forEach/],
        [
            "an input from two places",
            [gives, step("b", { parameters: [{ name: "n", value: "1", from: "load.rows" }] })],
            /digits\.steps\[1\]\.parameters\[0\]: \["value","from"\] .*exactly one of value, parameter, from/,
        ],
        [
            "an artifact of a step that is done many times",
            [
                { ...gives, forEach: { items: ["1"] } },
                step("b", { artifacts: [{ name: "d", path: "/d", from: "load.data" }] }),
            ],
            /digits\.steps\[1\]\.artifacts\[0\]\.from: .*done once/,
        ],
        ["a duration that is none", [step("a", { timeout: "1 hour" })], /digits\.steps\[0\]\.timeout: "1 hour"/],
        [
            "a wait that is none",
            [step("a", { retry: { limit: 0, backoff: "5" } })],
            /retry\.backoff: "5"[^]*retry\.limit: 0/,
        ],
        ["a quantity that is none", [step("a", { memory: "lots" })], /digits\.steps\[0\]\.memory: "lots"/],
        ["GPUs beyond the pools", [step("a", { gpus: 5 })], /digits\.steps\[0\]\.gpus: 5 .*a: 4/],
        ["a pool that is not there", [step("a", { gpus: 1, gpuPool: "b" })], /gpuPool: "b" is not allowed \(a\)/],
        [
            "a cache that nothing would be in",
            [step("a", { cache: { maxAge: "1h" } })],
            /digits\.steps\[0\]\.cache: .*Argo keeps outputs only/,
        ],
        [
            "a cache of a step whose artifacts are unknown",
            [
                gives,
                step("b", {
                    cache: { maxAge: "1h" },
                    artifacts: [{ name: "d", path: "/d", from: "load.data" }],
                    outputParameters: [{ name: "n", path: "/tmp/n" }],
                }),
            ],
            /digits\.steps\[1\]\.cache\.key: undefined/,
        ],
        [
            "an output where nothing may be written",
            [step("a", { outputArtifacts: [{ name: "m", path: "/model" }] })],
            /digits\.steps\[0\]\.outputArtifacts\[0\]\.path: "\/model" .*below \/tmp/,
        ],
        [
            "an image of a training step",
            [{ name: "a", image: "i", training: { manifest: "{}" } }],
            /digits\.steps\[0\]\.image: "i" .*the TrainJob says/,
        ],
    ])("refuses %s", (_, steps, message) => {
        const parameters = [{ name: "rate", default: "0.1" }];
        expect(() => resolvePipeline({ cluster, images, parameters, steps }, "digits")).toThrow(message);
    });

    it.each([
        ["a parameter twice", { parameters: [{ name: "n" }, { name: "n" }] }, /parameters\[1\]\.name: "n"/],
        ["a default that is no choice", { parameters: [{ name: "n", default: "3", values: ["1"] }] }, /default: "3"/],
        ["a schedule that is none", { schedule: { cron: ["at noon"] } }, /schedule\.cron\[0\]: "at noon"/],
        [
            "a schedule without a value that is needed",
            { parameters: [{ name: "n" }], schedule: { cron: ["0 3 * * *"] } },
            /schedule\.parameters: \[\] is not allowed \(a value for n\)/,
        ],
        [
            "a schedule with a parameter that is not there",
            { schedule: { cron: ["0 3 * * *"], parameters: { n: "1" } } },
            /schedule\.parameters\.n: "n"/,
        ],
    ])("refuses %s", (_, rest, message) => {
        expect(() => resolvePipeline({ steps: [step("a")], ...rest }, "digits")).toThrow(message);
    });

    it("tells everything that is wrong at once", () => {
        const steps = [step("a", { memory: "x", timeout: "y", dependsOn: ["z"] })];
        try {
            resolvePipeline({ steps }, "digits");
            throw new Error("accepted");
        } catch (error) {
            expect((error as InvalidConfiguration).problems.map(({ path }) => path)).toEqual([
                "digits.steps[0].memory",
                "digits.steps[0].timeout",
                "digits.steps[0].dependsOn[0]",
            ]);
        }
    });

    const edges = fc
        .integer({ min: 1, max: 9 })
        .chain((count) =>
            fc
                .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 20 })
                .map((pairs) => ({ count, pairs })),
        );

    it("accepts a graph exactly when its steps can be put in an order", () => {
        fc.assert(
            fc.property(edges, ({ count, pairs }) => {
                const steps = Array.from({ length: count }, (_, index) =>
                    step(`s${index}`, {
                        dependsOn: pairs.filter(([to]) => to === index).map(([, from]) => `s${from}`),
                    }),
                );
                expect(accepts(steps)).toBe(hasOrder(count, pairs));
            }),
        );
    });

    it("names cycles whose every step waits for the next", () => {
        fc.assert(
            fc.property(edges, ({ count, pairs }) => {
                const graph = new Map(
                    Array.from({ length: count }, (_, index) => [
                        `s${index}`,
                        pairs.filter(([to]) => to === index).map(([, from]) => `s${from}`),
                    ]),
                );
                for (const cycle of cyclesOf(graph)) {
                    expect(cycle.at(-1)).toBe(cycle[0]);
                    cycle.slice(1).forEach((needed, index) => expect(graph.get(cycle[index]!)).toContain(needed));
                }
            }),
        );
    });
});

function accepts(steps: PipelineStep[]): boolean {
    try {
        resolvePipeline({ steps }, "p");
        return true;
    } catch (error) {
        if (error instanceof InvalidConfiguration) return false;
        throw error;
    }
}

/** Takes away what waits for nothing, again and again: what is left over waits for itself. */
function hasOrder(count: number, pairs: readonly (readonly [number, number])[]): boolean {
    const left = new Set(Array.from({ length: count }, (_, index) => index));
    for (let before = -1; before !== left.size;) {
        before = left.size;
        for (const one of left) {
            if (!pairs.some(([to, from]) => to === one && left.has(from))) left.delete(one);
        }
    }
    return left.size === 0;
}

describe("secondsOf", () => {
    it("reads what Kubernetes and Argo would each read differently", () => {
        expect(["45s", "30m", "12h", "7d"].map(secondsOf)).toEqual([45, 1800, 43_200, 604_800]);
    });

    it("knows no other form", () => {
        expect(["", "0s", "1", "1w", "-1s", "1.5h", "1h30m"].map(secondsOf)).toEqual(Array(7).fill(undefined));
    });
});
