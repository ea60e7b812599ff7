/**
 * Run in a process of its own by {@link emissionOf}: loads the program, lets it resolve a stack's file and register all
 * of it against Pulumi's mocks, and prints what that took, as JSON.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { repositoryRoot } from "../../toolchain/paths";

export interface Emission {
    /** Seconds to load the program's modules. */
    readonly load: number;
    /** Seconds from the stack file's text to the last registered resource. */
    readonly emit: number;
    /** Processor seconds of that, which other work on the machine does not lengthen. */
    readonly emitProcessor: number;
    readonly resources: number;
}

async function measure(stack: string): Promise<Emission> {
    const text = readFileSync(join(repositoryRoot, "stacks", `Pulumi.${stack}.yaml`), "utf8");
    const [load, program] = await timed(loadProgram);
    const pulumi = await import("@pulumi/pulumi");
    const { record } = await import("../support/mocks");
    const images = await pinnedImages();
    const stacks = await clusterStack(withImages(text, images));

    let [emit, emitProcessor] = [NaN, NaN];
    const registered = await record(
        async () => {
            const before = process.cpuUsage();
            [emit] = await timed(async () => {
                pulumi.runtime.setAllConfig({ "mlp:platform": JSON.stringify(withImages(text, images)) });
                await program();
                // Waits for every registration.
                await pulumi.runtime.disconnect();
            });
            const { user, system } = process.cpuUsage(before);
            emitProcessor = (user + system) / 1e6;
        },
        false,
        stacks,
    );
    return { load, emit, emitProcessor, resources: registered.length };
}

/** All that the engine would load: infra/index.ts loads its part for AWS later, as it needs it. */
async function loadProgram(): Promise<() => Promise<unknown>> {
    await import("../../infra/aws");
    return (await import("../../infra/index")).default;
}

interface Platform {
    readonly environment: string;
    readonly images: Readonly<Record<string, string>>;
}

function withImages(text: string, images: Platform["images"]): Platform {
    const { config } = parse(text) as { config: { "mlp:platform": Omit<Platform, "images"> } };
    return { ...config["mlp:platform"], images };
}

/** As a lock would have them. */
async function pinnedImages(): Promise<Platform["images"]> {
    const { exampleLock } = await import("../unit/stacks/lock");
    const entries = Object.entries(exampleLock().images);
    return Object.fromEntries(entries.map(([name, { reference, digest }]) => [name, `${reference}@${digest}`]));
}

/** What the stack below has as outputs, for the stack that stands on it. */
async function clusterStack(input: Platform): Promise<Record<string, Record<string, unknown>>> {
    const { references } = await import("../../images/catalogue");
    const { resolve } = await import("../../infra/resolve");
    const { surroundingsOf } = await import("../../infra/stack-file");
    const { cluster } = resolve(input, references(), surroundingsOf(input));
    if (cluster.kind !== "eks") throw new Error(`a cluster of kind ${cluster.kind} is not on AWS`);
    const contract = JSON.parse(JSON.stringify(cluster.contract)) as unknown;
    return { [`organization/mlp/${input.environment}-cluster`]: { cluster: contract, kubeconfig: "kubeconfig" } };
}

async function timed<T>(work: () => T | Promise<T>): Promise<[seconds: number, made: T]> {
    const began = performance.now();
    const made = await work();
    return [(performance.now() - began) / 1000, made];
}

void measure(process.argv[2] ?? "").then((emission) => console.log(JSON.stringify(emission)));
