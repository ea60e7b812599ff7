import type { Dependencies } from "./graph";
import { uniqueNames } from "./pipeline-parameters";
import { listOf } from "./pipeline-schedule";
import { ITEM, outputParametersOf } from "./outputs";
import type { PipelineStep } from "./pipeline-args";
import { referenceOf, sourceOf, tagsOf } from "./references";
import type { PlainPipeline, Wrong } from "./resolve-pipeline";

/** Each step's needs: what it says, and whom it takes something from. */
export function dependenciesOf(steps: readonly PipelineStep[]): Dependencies {
    return new Map(steps.map((step) => [step.name, needsOf(step)]));
}

function needsOf({ dependsOn = [], parameters = [], artifacts = [], forEach, when = "" }: PipelineStep): string[] {
    const sources = [...parameters, ...artifacts, forEach ?? {}].flatMap(({ from }: { from?: string }) =>
        from === undefined ? [] : [sourceOf(from)?.step ?? ""],
    );
    const conditions = tagsOf(when).flatMap((tag) => {
        const reference = referenceOf(tag);
        return reference.kind === "task" ? [reference.step] : [];
    });
    return [...new Set([...dependsOn, ...sources, ...conditions])].filter((step) => step !== "");
}

/** What is wrong with what steps name: parameters, artifacts and one another. */
export function referenceProblems(args: PlainPipeline, wrong: Wrong): void {
    uniqueNames(args.steps, "steps", wrong, /^/);
    args.steps.forEach((step, index) => {
        const check = new StepReferences(step, args, (path, ...rest) => wrong(`steps[${index}].${path}`, ...rest));
        check.sources();
        check.texts();
    });
}

class StepReferences {
    private readonly pipelineParameters: readonly string[];
    constructor(
        private readonly step: PipelineStep,
        private readonly args: PlainPipeline,
        private readonly wrong: Wrong,
    ) {
        this.pipelineParameters = (args.parameters ?? []).map(({ name }) => name);
    }

    /** Inputs, dependencies and items. */
    sources(): void {
        const { parameters = [], artifacts = [], outputArtifacts = [], dependsOn = [] } = this.step;
        const outputParameters = outputParametersOf(this.step);
        const lists = { parameters, artifacts, outputParameters, outputArtifacts };
        for (const [field, named] of Object.entries(lists)) uniqueNames(named, field, this.wrong);
        dependsOn.forEach((name, index) => this.stepNamed(name, `dependsOn[${index}]`));
        parameters.forEach(({ value, parameter, from }, index) => {
            const path = `parameters[${index}]`;
            this.exactlyOne({ value, parameter, from }, path);
            if (parameter !== undefined) this.pipelineParameter(parameter, `${path}.parameter`);
            if (from !== undefined) this.output(from, "outputParameters", `${path}.from`);
            if (value !== undefined) this.taskText(value, `${path}.value`);
        });
        artifacts.forEach(({ from, key }, index) => {
            this.exactlyOne({ from, key }, `artifacts[${index}]`);
            if (from !== undefined) this.output(from, "outputArtifacts", `artifacts[${index}].from`);
            if (key !== undefined) this.taskText(key, `artifacts[${index}].key`);
        });
        this.items();
    }

    private items(): void {
        const { forEach, parameters = [] } = this.step;
        if (forEach === undefined) return;
        const { items, parameter, from } = forEach;
        this.exactlyOne({ items, parameter, from }, "forEach");
        if (items?.length === 0) this.wrong("forEach.items", items, "at least one item", "Leave the step out.");
        if (parameter !== undefined) this.pipelineParameter(parameter, "forEach.parameter");
        if (from !== undefined) this.output(from, "outputParameters", "forEach.from");
        if (parameters.some(({ name }) => name === ITEM)) {
            this.wrong("parameters", ITEM, `other names: with forEach ${ITEM} is the item`, "Rename it.");
        }
    }

    /** What the container says, and what stands beside it in the graph. */
    texts(): void {
        const { command = [], args = [], env = [], cache, when, training } = this.step;
        command.forEach((text, index) => this.stepText(text, `command[${index}]`));
        args.forEach((text, index) => this.stepText(text, `args[${index}]`));
        env.forEach(({ value }, index) => {
            if (typeof value === "string") this.stepText(value, `env[${index}].value`);
        });
        if (cache?.key !== undefined) this.stepText(cache.key, "cache.key");
        if (when !== undefined) this.taskText(when, "when", true);
        const manifest: unknown = training?.manifest;
        if (typeof manifest === "string") this.stepText(manifest, "training.manifest");
    }

    /** Within a step Argo knows its inputs, and nothing of other steps. */
    private stepText(text: string, path: string): void {
        const { parameters = [], artifacts = [], outputArtifacts = [], forEach } = this.step;
        const outputParameters = outputParametersOf(this.step);
        const own = {
            "input-parameter": [...parameters.map(({ name }) => name), ...(forEach ? [ITEM] : [])],
            "input-artifact": artifacts.map(({ name }) => name),
            "output-parameter": outputParameters.map(({ name }) => name),
            "output-artifact": outputArtifacts.map(({ name }) => name),
        };
        for (const tag of tagsOf(text)) {
            const reference = referenceOf(tag);
            switch (reference.kind) {
                case "pipeline-parameter":
                    this.pipelineParameter(reference.name, path);
                    break;
                case "input-parameter":
                case "input-artifact":
                case "output-parameter":
                case "output-artifact":
                    this.oneOf(reference.name, own[reference.kind], path, "Add it to the step.");
                    break;
                case "item":
                    this.itemKnown(path);
                    break;
                case "task":
                    this.wrong(path, `{{${tag}}}`, "the step's own inputs", "Take it as a parameter with from.");
                    break;
                case "unknown":
                    this.unknown(tag, path);
                    break;
                case "argo":
            }
        }
    }

    /** Beside a step Argo knows the pipeline's parameters and the item, and in a condition what was done before. */
    private taskText(text: string, path: string, condition = false): void {
        for (const tag of tagsOf(text)) {
            const reference = referenceOf(tag);
            if (reference.kind === "pipeline-parameter") this.pipelineParameter(reference.name, path);
            else if (reference.kind === "item") this.itemKnown(path);
            else if (reference.kind === "task" && condition) this.task(reference.step, reference.parameter, path);
            else if (reference.kind !== "argo") this.unknown(tag, path);
        }
    }

    private task(step: string, parameter: string | undefined, path: string): void {
        if (parameter === undefined) this.stepNamed(step, path);
        else this.output(`${step}.${parameter}`, "outputParameters", path);
    }

    private output(from: string, field: "outputParameters" | "outputArtifacts", path: string): void {
        const source = sourceOf(from);
        if (source === undefined) {
            this.wrong(path, from, "<step>.<output>", "Name a step and what it gives.");
            return;
        }
        const step = this.stepNamed(source.step, path);
        if (step === undefined) return;
        const named = field === "outputParameters" ? outputParametersOf(step) : (step.outputArtifacts ?? []);
        const given = named.map(({ name }) => `${step.name}.${name}`);
        this.oneOf(from, given, path, `Add it to ${field} of ${step.name}, or correct the name.`);
        if (field === "outputArtifacts" && step.forEach !== undefined) {
            this.wrong(path, from, "artifacts of a step that is done once", "Hand on a parameter: Argo gathers those.");
        }
    }

    private stepNamed(name: string, path: string): PipelineStep | undefined {
        const step = this.args.steps.find((one) => one.name === name);
        const names = this.args.steps.map((one) => one.name).filter((one) => one !== this.step.name);
        if (step === undefined) this.oneOf(name, names, path, "Name a step of the pipeline.");
        return step;
    }

    private pipelineParameter(name: string, path: string): void {
        this.oneOf(name, this.pipelineParameters, path, "Add it to the pipeline's parameters, or correct the name.");
    }

    private oneOf(name: string, names: readonly string[], path: string, fix: string): void {
        if (!names.includes(name)) this.wrong(path, name, listOf(names), fix);
    }

    private itemKnown(path: string): void {
        if (this.step.forEach === undefined) this.wrong(path, "{{item}}", "only within forEach", "Add forEach.");
    }

    private unknown(tag: string, path: string): void {
        const allowed = "{{inputs.parameters.<name>}}, {{workflow.parameters.<name>}} and what Argo fills in";
        this.wrong(path, `{{${tag}}}`, allowed, "Correct the reference.");
    }

    private exactlyOne(choices: { [field: string]: unknown }, path: string): void {
        const given = Object.keys(choices).filter((field) => choices[field] !== undefined);
        if (given.length === 1) return;
        this.wrong(path, given, `exactly one of ${Object.keys(choices).join(", ")}`, "Give one of them.");
    }
}
