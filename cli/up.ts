import { kubeconfigFile, reach } from "../infra/reach";
import { PlatformSpec } from "../infra/resolve";
import { Bootstrap } from "../toolchain/bootstrap";
import { ClusterInfo } from "../toolchain/cluster";
import { Progress, progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { requireHost } from "./host";
import { Kubectl } from "./kubectl";
import { cluster, ENGINE_PIECES, specOf, tools, usersEnvironment } from "./local";
import { isPulumis, Managed } from "./recovery";
import { PLATFORM } from "./stack-files";
import { printSummary } from "./summary";

export interface UpOptions {
    readonly env: string;
    /** Show what would change, and change nothing. */
    readonly preview: boolean;
}

/** Tools, cluster, platform: whatever is missing is made, whatever is there is left alone. */
export async function up({ env, preview }: UpOptions): Promise<void> {
    const began = Date.now();
    const progress = progressOn();
    const spec = specOf(env);
    await requireHost(spec.cluster.kind);
    // Before the tools: a cluster that is not there should not cost a bootstrap to learn of.
    if (spec.cluster.kind === "existing") await reach(spec.cluster, (warning) => progress.note(warning));
    const made = await tools(progress, spec.cluster.kind === "embedded" ? undefined : ENGINE_PIECES);
    const info = spec.cluster.kind === "embedded" ? await cluster(made, progress) : undefined;

    const engine = new Engine(made, PLATFORM, env, info?.kubeconfig, usersEnvironment(spec));
    engine.create();
    await recover(engine, kubectlFor(spec, made, info), progress);
    const policies = ["--policy-pack", "policies"];
    if (preview) return engine.run(["preview", ...policies]);
    await engine.run(["up", "--yes", "--skip-preview", "--suppress-outputs", ...policies]);
    printSummary({ seconds: (Date.now() - began) / 1000, spec, made, info, outputs: engine.outputs() });
}

/** kubectl against the very cluster that the program uses. */
function kubectlFor({ cluster }: PlatformSpec, { binaries }: Bootstrap, info: ClusterInfo | undefined): Kubectl {
    const context = cluster.kind === "existing" ? cluster.context : undefined;
    return new Kubectl(binaries.kubectl, info?.kubeconfig ?? kubeconfigFile(cluster), context);
}

/** See {@link Engine.recover}. A cluster that does not answer ends it: its objects must not be forgotten. */
export function recover(engine: Engine, kubectl: Kubectl, progress: Progress): Promise<void> {
    return engine.recover(
        ({ lookUp }) => {
            const found = kubectl.find<Managed>(...lookUp, "--show-managed-fields");
            return found !== undefined && isPulumis(found);
        },
        (line) => progress.note(line),
    );
}
