import { PlatformSpec } from "../infra/resolve";
import { progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { UserError } from "./errors";
import { describeHoldings, holdingsOf, StateResource, titleOf } from "./held";
import { EnvironmentStack, stacksOf } from "./layers";
import { piecesFor, tools, usersEnvironment } from "./local";
import { Override, PLATFORM } from "./stack-files";

export interface DestroyOptions {
    readonly env: string;
    /** First step where something is protected: the environment's name. */
    readonly release?: string;
    /** Last step: the environment's name. */
    readonly confirm?: string;
}

interface Part extends EnvironmentStack {
    readonly engine: Engine;
    readonly resources: readonly StateResource[];
}

/**
 * Destroys an environment on AWS or on an existing cluster. Each step is a command of its own that names the
 * environment: first what is protected is released, then all of it goes, what stands on the cluster before the cluster.
 */
export async function destroy({ env, release, confirm }: DestroyOptions): Promise<void> {
    requireSameName(env, { release, confirm });
    const parts = await partsOf(env);
    for (const { stack, resources } of parts) console.log(describeHoldings(stack, resources).join("\n"));
    const step = nextStep(
        env,
        { release, confirm },
        parts.flatMap(({ resources }) => resources),
    );
    if (step.run === "nothing") return console.log(`\n${step.say}`);
    for (const part of [...parts].reverse()) {
        if (step.run === "release") await releaseOf(part);
        else if (part.resources.length > 0) await part.engine.run(["destroy", "--yes", "--skip-preview"]);
    }
    console.log(`\n${step.say}`);
}

async function partsOf(env: string): Promise<Part[]> {
    // What goes needs no image: the lock may be gone, or still to come where only the cluster is up.
    const stacks = stacksOf(env, { locked: false });
    const [first] = stacks;
    if (first === undefined || first.spec.cluster.kind === "embedded") {
        throw new UserError(`Environment ${env} is on this machine: \`npm run down -- --purge\` removes it.`);
    }
    const made = await tools(progressOn(), piecesFor(first.spec));
    return stacks.map((one) => {
        const engine = new Engine(made, PLATFORM, one.stack, undefined, usersEnvironment(one.spec));
        return { ...one, engine, resources: resourcesOf(engine) };
    });
}

function resourcesOf(engine: Engine): readonly StateResource[] {
    const resources = (engine.state().deployment?.resources ?? []) as readonly StateResource[];
    return resources.filter(({ type }) => !type.startsWith("pulumi:"));
}

/** What a call of `destroy` does, and what it says then. */
export interface Step {
    readonly run: "nothing" | "release" | "destroy";
    readonly say: string;
}

/**
 * Decides what a call may do. Pure.
 *
 * @throws UserError when it names another environment, or would skip the release.
 */
export function nextStep(
    env: string,
    { release, confirm }: { readonly release?: string | undefined; readonly confirm?: string | undefined },
    resources: readonly StateResource[],
): Step {
    requireSameName(env, { release, confirm });
    if (resources.length === 0) return { run: "nothing", say: `There is nothing of ${env}.` };
    const { protected: kept, deletionProtected } = holdingsOf(resources);
    const held = [...new Set([...kept, ...deletionProtected])];
    const releasing = `\`mlp destroy --env ${env} --release ${env}\``;
    const confirming = `\`mlp destroy --env ${env} --confirm ${env}\``;
    if (release !== undefined) {
        return held.length === 0
            ? { run: "nothing", say: `Nothing is protected any more. ${confirming} destroys ${env}.` }
            : { run: "release", say: `Released. The next update protects it again; ${confirming} destroys ${env}.` };
    }
    if (confirm !== undefined && held.length > 0) {
        throw new UserError(
            `${env} is protected: ${held.map(titleOf).join(", ")}. Release it first: ${releasing}, then ${confirming}.`,
        );
    }
    if (confirm !== undefined) return { run: "destroy", say: `${env} is destroyed.` };
    const first = held.length === 0 ? confirming : `${releasing}, and then ${confirming}`;
    return { run: "nothing", say: `Nothing was changed. To destroy ${env}: ${first}.` };
}

function requireSameName(env: string, steps: Readonly<Record<string, string | undefined>>): void {
    for (const [option, given] of Object.entries(steps)) {
        if (given !== undefined && given !== env) {
            throw new UserError(`--${option} ${given}: name the environment that goes, ${env}.`);
        }
    }
}

/** Lifts AWS's own protection by an update of just those resources, then Pulumi's. */
async function releaseOf({ engine, spec, resources }: Part): Promise<void> {
    const { protected: kept, deletionProtected } = holdingsOf(resources);
    if (deletionProtected.length > 0) {
        const targets = deletionProtected.flatMap(({ urn }) => ["--target", urn]);
        engine.override(unprotecting(spec));
        await engine.run(["up", "--yes", "--skip-preview", "--suppress-outputs", ...targets]);
    }
    if (kept.length > 0) await engine.run(["state", "unprotect", "--all", "--yes"]);
}

function unprotecting({ cluster }: PlatformSpec): Override[] {
    return cluster.kind === "eks" ? [{ path: ["cluster", "protect"], value: false }] : [];
}
