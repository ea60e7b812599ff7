import { kubeconfigFile, reach } from "../infra/reach";
import { Layer } from "../infra/spec";
import { Bootstrap } from "../toolchain/bootstrap";
import { ClusterInfo } from "../toolchain/cluster";
import { Progress, progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { keepCa, publishGateway } from "./entrance";
import { UserError } from "./errors";
import { requireHost } from "./host";
import { StateResource } from "./held";
import { Kubectl, writeKubeconfig } from "./kubectl";
import { EnvironmentStack, stacksOf } from "./layers";
import { cluster, piecesFor, tools, usersEnvironment } from "./local";
import { costLines } from "./plan";
import { isPulumis, Managed } from "./recovery";
import { letTeamsGo } from "./removed-teams";
import { PLATFORM } from "./stack-files";
import { printSummary } from "./summary";

export interface UpOptions {
    readonly env: string;
    /** That layer alone. */
    readonly layer?: Layer;
    /** Show what would change, and change nothing. */
    readonly preview: boolean;
    /** With `preview`: read what is really there first, and fail where anything would change. */
    readonly drift?: boolean;
}

const DRIFT = ["--refresh", "--expect-no-changes"];

/** Tools, cluster, platform: whatever is missing is made, whatever is there is left alone. */
export async function up({ env, layer, preview, drift = false }: UpOptions): Promise<void> {
    // Whoever asks what differs must not get an update for it.
    if (drift && !preview) throw new UserError("--drift only looks: give it together with --preview.");
    const began = Date.now();
    const progress = progressOn();
    const stacks = stacksOf(env, layer && { layer });
    for (const { spec } of stacks.slice(0, 1)) {
        await requireHost(spec.cluster.kind);
        // Before the tools: a cluster that is not there should not cost a bootstrap to learn of.
        if (spec.cluster.kind === "existing") await reach(spec.cluster, (warning) => progress.note(warning));
        for (const line of costLines(spec)) progress.note(line);
    }
    const pieces = stacks.map(({ spec }) => piecesFor(spec));
    const made = await tools(progress, pieces[0]);
    const [first] = stacks.map(({ spec }) => spec.cluster);
    const info = first?.kind === "embedded" ? await cluster(made, progress, first) : undefined;

    const engines = stacks.map((one) => engineOf(one, made, info));
    // All of them first: a platform's preview looks for its cluster's stack, even one without a resource.
    for (const { engine } of engines) engine.create();
    for (const part of engines) {
        const { engine, overrides } = part;
        await recover(engine, () => kubectlFor(part, made, info), progress);
        await letTeamsGo(
            (engine.state().deployment?.resources ?? []) as readonly StateResource[],
            part.spec,
            () => kubectlFor(part, made, info),
            (line) => progress.note(line),
            (urn) => (preview ? Promise.resolve() : engine.run(["state", "unprotect", urn, "--yes"])),
        );
        engine.override(overrides);
        const options = ["--policy-pack", "policies"];
        if (preview) await engine.run(["preview", ...(drift ? DRIFT : []), ...options]);
        else await engine.run(["up", "--yes", "--skip-preview", "--suppress-outputs", ...options]);
    }
    const last = engines.at(-1);
    if (preview || last === undefined) return;
    await publishGateway(last.spec, info);
    const outputs = last.engine.outputs();
    keepCa(outputs);
    const seconds = (Date.now() - began) / 1000;
    printSummary({ seconds, spec: last.spec, made, info, outputs });
}

interface Part extends EnvironmentStack {
    readonly engine: Engine;
}

function engineOf(one: EnvironmentStack, made: Bootstrap, info: ClusterInfo | undefined): Part {
    const { stack, spec } = one;
    return { ...one, engine: new Engine(made, PLATFORM, stack, info?.kubeconfig, usersEnvironment(spec)) };
}

/** kubectl against the very cluster that the program uses. */
function kubectlFor({ spec: { cluster }, engine, stack }: Part, { binaries }: Bootstrap, info?: ClusterInfo): Kubectl {
    const { kubectl } = binaries;
    switch (cluster.kind) {
        case "embedded":
            return new Kubectl(kubectl, info?.kubeconfig ?? kubeconfigFile(cluster));
        case "existing":
            return new Kubectl(kubectl, kubeconfigFile(cluster), cluster.context);
        case "eks":
            return new Kubectl(kubectl, writeKubeconfig(stack, engine.outputs().kubeconfig));
    }
}

/** See {@link Engine.recover}. A cluster that does not answer ends it: its objects must not be forgotten. */
export function recover(engine: Engine, kubectl: () => Kubectl, progress: Progress): Promise<void> {
    let asked: Kubectl | undefined;
    return engine.recover(
        ({ lookUp }) => {
            asked ??= kubectl();
            const found = asked.find<Managed>(...lookUp, "--show-managed-fields");
            return found !== undefined && isPulumis(found);
        },
        (line) => progress.note(line),
    );
}
