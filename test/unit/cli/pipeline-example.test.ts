import * as k8s from "@pulumi/kubernetes";

import { digitsPipeline } from "../../../examples/pipeline/pipeline";
import { record } from "../../support/mocks";

interface Task {
    readonly name: string;
    readonly dependencies?: readonly string[];
}
interface Template {
    readonly name: string;
    readonly dag?: { readonly tasks: readonly Task[] };
    readonly container?: { readonly env?: readonly { readonly name: string; readonly value?: string }[] };
    readonly memoize?: object;
}

describe("the example's pipeline", () => {
    let templates: readonly Template[];
    beforeAll(async () => {
        const resources = await record(() => {
            const tenant = {
                name: "vision",
                namespace: "team-vision",
                objectPrefix: "team-vision/",
                pipelineServiceAccount: "pipeline",
                memberServiceAccount: "member",
                objects: { region: "local" },
            };
            const cluster = { name: "c", kubernetesVersion: "1.36", gpuPools: [] };
            digitsPipeline(
                { tenant, cluster, stepsImage: "steps:1", trainingImage: "torch:1" },
                { providers: { kubernetes: new k8s.Provider("k") } },
            );
        });
        const made = resources.find(({ type }) => type.endsWith(":WorkflowTemplate"));
        templates = (made!.inputs.spec as { templates: Template[] }).templates;
    });

    const template = (name: string) => templates.find((one) => one.name === name)!;

    it("goes from data to an alias in the order that its outputs ask for", () => {
        const tasks = templates.flatMap(({ dag }) => dag?.tasks ?? []);
        const needs = Object.fromEntries(
            tasks.map(({ name, dependencies }) => [name, [...(dependencies ?? [])].sort()]),
        );
        expect(needs).toEqual({
            load: [],
            store: ["load"],
            sweep: ["load"],
            choose: ["sweep"],
            train: ["choose", "store"],
            evaluate: ["load", "train"],
            register: ["evaluate", "store", "train"],
            promote: ["evaluate", "register"],
        });
    });

    it("keeps results of data and sweep, and trains anew each time", () => {
        const kept = templates.filter(({ memoize }) => memoize !== undefined).map(({ name }) => name);
        expect(kept.sort()).toEqual(["load", "store", "sweep"]);
    });

    it("hands its training step a TrainJob that takes its values from the run", () => {
        const variable = template("train").container?.env?.find(({ name }) => name === "MLP_TRAINJOB");
        const job = JSON.parse(variable?.value ?? "{}") as { kind: string; spec: { trainer: { env: unknown[] } } };
        expect(job.kind).toBe("TrainJob");
        expect(job.spec.trainer.env).toContainEqual({
            name: "LEARNING_RATE",
            value: "{{inputs.parameters.learning-rate}}",
        });
        expect(variable?.value).toContain('{"name":"STORAGE_URI","value":"{{inputs.parameters.uri}}"}');
    });
});
