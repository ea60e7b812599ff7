import { Argument, Command, Option } from "commander";

import { Layer } from "../infra/spec";
import { destroy, DestroyOptions } from "./destroy";
import { doctor } from "./doctor";
import { down } from "./down";
import { accounts } from "./entrance";
import { env } from "./env";
import { CommandFailed, isForUser } from "./errors";
import { exampleTraining } from "./example";
import { generate } from "./generate";
import { buildImages, mirrorImages, pushOwnImages, type PublishOptions } from "./images";
import { Kubectl } from "./kubectl";
import { requireRunningCluster, tools } from "./local";
import { progressOn } from "../toolchain/progress";
import { examplePipeline, type PipelineOptions } from "./pipeline";
import { plan } from "./plan";
import { policies, PoliciesOptions } from "./policies";
import { status } from "./status";
import { ui, Ui, UiOptions } from "./ui";
import { up, UpOptions } from "./up";

const mlp = new Command("mlp")
    .description("A machine-learning platform on Kubernetes: start it, look at it, stop it.")
    .enablePositionalOptions();

mlp.command("doctor")
    .description("say what this machine has and what it lacks")
    .option("--env <name>", "environment: stacks/Pulumi.<name>.yaml", "local")
    .action((options: { env: string }) => doctor(options));

mlp.command("up")
    .description("bring the tools, the cluster and the platform up")
    .option("--env <name>", "environment: stacks/Pulumi.<name>.yaml", "local")
    .option("--preview", "show what would change, and change nothing", false)
    .option("--drift", "with --preview: read what is really there first, and fail where it differs", false)
    .addOption(layerOption())
    .action((options: UpOptions) => up(options));

mlp.command("plan")
    .description("say what the stack files of an environment put where, and what that costs; asks nobody")
    .requiredOption("--env <name>", "environment: stacks/Pulumi.<name>.yaml")
    .addOption(layerOption())
    .action((options: { env: string; layer?: Layer }) => plan(options));

mlp.command("destroy")
    .description("say what of an environment is protected, retained and backed up; then release and destroy it")
    .requiredOption("--env <name>", "environment: stacks/Pulumi.<name>.yaml")
    .option("--release <name>", "first step where anything is protected: lift it; takes the environment's name")
    .option("--confirm <name>", "last step: destroy; takes the environment's name")
    .action((options: DestroyOptions) => destroy(options));

mlp.command("down")
    .description("stop the embedded cluster; objects and volumes are kept")
    .option("--purge", "remove objects, volumes and the local stacks' state as well", false)
    .action((options: { purge: boolean }) => down(options));

mlp.command("policies")
    .description("judge an exported state by the policies, without an account")
    .requiredOption("--state <file>", "what `pulumi stack export` wrote")
    .option("--env <name>", "stack whose configuration counts: stacks/Pulumi.<name>.yaml", "prod")
    .action((options: PoliciesOptions) => policies(options));

mlp.command("status").description("say what runs").action(status);

mlp.command("env")
    .description("print what a shell needs for plain pulumi and kubectl")
    .option("--env <name>", "environment: stacks/Pulumi.<name>.yaml", "local")
    .action((options: { env: string }) => env(options));

mlp.command("kubectl")
    .description("kubectl against the embedded cluster")
    .argument("[args...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
        const info = await requireRunningCluster();
        const { binaries } = await tools(progressOn(), ["kubectl"]);
        await new Kubectl(binaries.kubectl, info.kubeconfig).run(args);
    });

mlp.command("ui")
    .description("serve the web pages of the platform on this machine, as a member of a team, until Ctrl-C")
    .addArgument(new Argument("[name]", "one of them; default: all").choices(Object.values(Ui)))
    .option("--env <name>", "environment: stacks/Pulumi.<name>.yaml", "local")
    .option("--team <name>", "whose member; default: the only team there is")
    .action((name: Ui | undefined, options: UiOptions) => ui(name ? [name] : Object.values(Ui), options));

mlp.command("accounts")
    .description("print who can sign in to the local identity provider, with which password")
    .option("--env <name>", "environment: stacks/Pulumi.<name>.yaml", "local")
    .action((options: { env: string }) => accounts(options));

const example = mlp.command("example").description("run an example on the local platform");

example
    .command("pipeline")
    .description("a pipeline that sweeps, trains, compares and registers a model")
    .option("--set <pair...>", "parameters of the run, such as epochs=12", [])
    .option("--team <name>", "team whose pipeline it is", "vision")
    .option("--destroy", "remove the pipeline; its runs, objects and models stay", false)
    .action((options: PipelineOptions) => examplePipeline(options));

example
    .command("training")
    .description("a distributed training job on real data")
    .option("--set <pair...>", "configuration of the example, such as nodes=3 gpus=1", [])
    .option("--destroy", "remove the example and its results", false)
    .action((options: { set: string[]; destroy: boolean }) => exampleTraining(options));

mlp.command("generate")
    .description("write the files that are generated from code")
    .option("--check", "only say which are stale", false)
    .action((options: { check: boolean }) => generate(options));

const images = mlp.command("images").description("make images, and carry them to the registry of clusters elsewhere");

images
    .command("build")
    .description("make images on this machine: all that it can, or the named ones")
    .argument("[names...]", "names in images/catalogue.ts")
    .action((names: string[]) => buildImages(names));

for (const [verb, whose, action] of [
    ["push", "our own images", pushOwnImages],
    ["mirror", "others' images, pulled or built,", mirrorImages],
] as const) {
    images
        .command(verb)
        .description(`carry ${whose} to a registry and write images/lock.json`)
        .argument("[names...]", "names in images/catalogue.ts; default all of them")
        .requiredOption("--to <registry>", "HOST[:PORT][/PREFIX]")
        .option("--lock <file>", "write this file in place of images/lock.json")
        .action((names: string[], options: PublishOptions) => action(names, options));
}

function layerOption(): Option {
    const layers = ["all", "cluster", "platform"] satisfies Layer[];
    return new Option("--layer <layer>", "that layer alone").choices(layers);
}

// As for any program of a pipeline: a reader that has seen enough, such as `head`, is no error.
for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        process.exit();
    });
}

mlp.parseAsync().catch((error: unknown) => {
    if (!isForUser(error)) throw error;
    // A command that failed has spoken already.
    if (!(error instanceof CommandFailed)) console.error(`\n${error.message}`);
    process.exitCode = error instanceof CommandFailed ? error.exitCode : 1;
});
