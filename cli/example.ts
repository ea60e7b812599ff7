import { progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { UserError } from "./errors";
import { Kubectl } from "./kubectl";
import { requireRunningCluster, tools } from "./local";
import { TRAINING_EXAMPLE } from "./stack-files";
import { watchTraining } from "./training-watch";
import { recover } from "./up";

const STACK = "local";

export interface ExampleOptions {
    /** Configuration of the example's program, such as `nodes=3`. */
    readonly set: readonly string[];
    /** Remove the example instead. */
    readonly destroy: boolean;
}

/** Runs examples/training on the local platform: a team's own program, then its job followed to the end. */
export async function exampleTraining({ set, destroy }: ExampleOptions): Promise<void> {
    const progress = progressOn();
    const info = await requireRunningCluster();
    const made = await tools(progress, ["language-host", "provider-kubernetes", "pulumi", "kubectl"]);
    const engine = new Engine(made, TRAINING_EXAMPLE, STACK, info.kubeconfig);
    engine.create();
    const kubectl = new Kubectl(made.binaries.kubectl, info.kubeconfig);
    await recover(engine, () => kubectl, progress);
    if (destroy) return engine.run(["destroy", "--yes", "--skip-preview"]);

    const began = Date.now();
    const config = [`run=${new Date(began).toISOString()}`, ...set];
    await engine.run([
        "up",
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        ...config.flatMap((pair) => ["--config", pair]),
    ]);
    const { job, namespace, outputClaim } = engine.outputs() as Record<string, string>;
    if (job === undefined || namespace === undefined || outputClaim === undefined) {
        throw new UserError(
            "The example's stack has no outputs: destroy it with `npm run example:training -- --destroy`.",
        );
    }
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
    const outcome = await watchTraining(kubectl, namespace, job, (line) => console.log(`[${seconds()}] ${line}`));

    if (!outcome.succeeded) {
        const details = Object.entries(outcome.failures).map(([pod, text]) => `${pod}: ${text}`);
        throw new UserError([`Training job ${job} failed: ${outcome.reason}`, ...details].join("\n"));
    }
    const final = outcome.lines.find((line) => line.startsWith("final accuracy"));
    console.log(`\nTrained in ${seconds()}: ${final ?? "the training printed no accuracy"}`);
    console.log(`The model is in volume ${outputClaim} of namespace ${namespace}; code/load.py shows how to load it.`);
}
