import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { references } from "../images/catalogue";
import { repositoryRoot } from "../toolchain/paths";
import { progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { UserError } from "./errors";
import { Kubectl } from "./kubectl";
import { requireRunningCluster, tools } from "./local";
import { MemberToken } from "./member-token";
import { ModelVersion, readVersion } from "./model-version";
import { failuresOf, outputOf, Run, watchPipeline } from "./pipeline-watch";
import { PIPELINE_EXAMPLE } from "./stack-files";
import { recover } from "./up";

const STACK = "local";

export interface PipelineOptions {
    /** Parameters of the run, such as `epochs=12`. */
    readonly set: readonly string[];
    /** Team whose namespace it runs in. */
    readonly team: string;
    /** Remove the example instead. */
    readonly destroy: boolean;
}

/** Runs examples/pipeline on the local platform: a team's own program, then one run of its pipeline to the end. */
export async function examplePipeline({ set, team, destroy }: PipelineOptions): Promise<void> {
    const progress = progressOn();
    const info = await requireRunningCluster();
    const made = await tools(progress, ["language-host", "provider-kubernetes", "pulumi", "kubectl"]);
    const engine = new Engine(made, PIPELINE_EXAMPLE, STACK, info.kubeconfig);
    engine.create();
    const kubectl = new Kubectl(made.binaries.kubectl, info.kubeconfig);
    await recover(engine, () => kubectl, progress);
    if (destroy) return engine.run(["destroy", "--yes", "--skip-preview"]);

    const began = Date.now();
    const images = references();
    const config = [
        `team=${team}`,
        `stepsImage=${images["pipeline-steps"]}`,
        `trainingImage=${images["torch-runtime"]}`,
    ].flatMap((pair) => ["--config", pair]);
    await engine.run(["up", "--yes", "--skip-preview", "--suppress-outputs", ...config]);
    const { template, namespace } = engine.outputs() as Record<string, string>;
    if (template === undefined || namespace === undefined) {
        throw new UserError("The example's stack has no outputs: destroy it with `mlp example pipeline --destroy`.");
    }
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
    const name = submit(kubectl, namespace, template, [`git-commit=${commit()}`, ...set]);
    console.log(`[${seconds()}] run ${name} of pipeline ${template} in ${namespace}`);
    const run = await watchPipeline(kubectl, namespace, name, (line) => console.log(`[${seconds()}] ${line}`));
    if (run.status?.phase !== "Succeeded") {
        const failures = failuresOf(run);
        throw new UserError(
            [`Run ${name} failed: ${run.status?.message ?? run.status?.phase ?? "unknown"}`, ...failures].join("\n"),
        );
    }
    await report(kubectl, namespace, run, seconds());
}

/** Submits as the team's member, whose rights are all that it takes. */
function submit(kubectl: Kubectl, namespace: string, template: string, pairs: readonly string[]): string {
    const parameters = pairs.map((pair) => {
        const [name = "", ...value] = pair.split("=");
        if (name === "" || value.length === 0) throw new UserError(`--set ${pair}: say it as name=value.`);
        return { name, value: value.join("=") };
    });
    const workflow = {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { generateName: `${template}-`, namespace },
        spec: { workflowTemplateRef: { name: template }, arguments: { parameters } },
    };
    const folder = mkdtempSync(join(tmpdir(), "mlp-run-"));
    try {
        const file = join(folder, "workflow.json");
        writeFileSync(file, JSON.stringify(workflow));
        const member = `--as=system:serviceaccount:${namespace}:member`;
        const said = kubectl.text("create", "--filename", file, member, "--output=json");
        try {
            return (JSON.parse(said) as Run).metadata.name;
        } catch {
            throw new UserError(`The run was not accepted: ${said.trim()}`);
        }
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function commit(): string {
    const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: repositoryRoot, encoding: "utf8" });
    return status === 0 ? stdout.trim() : "unknown";
}

async function report(kubectl: Kubectl, namespace: string, run: Run, took: string): Promise<void> {
    const [model, version, alias] = [
        outputOf(run, "register", "model"),
        outputOf(run, "register", "version"),
        outputOf(run, "promote", "alias"),
    ];
    if (model === undefined || version === undefined) {
        throw new UserError(`Run ${run.metadata.name} succeeded, but its step register gave no version.`);
    }
    const token = await new MemberToken(kubectl, namespace, "member").get();
    const found: ModelVersion = await readVersion(kubectl, namespace, token, model, version);
    console.log(`\nSucceeded in ${took}: version ${version} of model ${model}, alias ${alias ?? "none"}`);
    console.log(`  source: ${found.source}`);
    for (const { key, value } of found.tags) console.log(`  ${key}: ${value}`);
    const team = namespace.replace(/^team-/, "");
    console.log(
        `See the run and the model in a browser: \`mlp ui argo --team ${team}\`, \`mlp ui mlflow --team ${team}\`.`,
    );
}
