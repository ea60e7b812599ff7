import { defaultKubeconfig } from "../infra/kubeconfig";
import { Bootstrap } from "../toolchain/bootstrap";
import { Progress, progressOn } from "../toolchain/progress";
import { Engine } from "./engine";
import { UserError } from "./errors";
import { hostChecks } from "./host";
import { Kubectl } from "./kubectl";
import { cluster, specOf, tools } from "./local";
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
    if (spec.cluster.kind === "embedded") requireHost();
    const made = await tools(progress, spec.cluster.kind === "embedded" ? undefined : ENGINE_PIECES);
    const info = spec.cluster.kind === "embedded" ? await cluster(made, progress) : undefined;

    const engine = new Engine(made, PLATFORM, env, info?.kubeconfig);
    engine.create();
    await recover(engine, made, info?.kubeconfig ?? defaultKubeconfig(), progress);
    const policies = ["--policy-pack", "policies"];
    if (preview) return engine.run(["preview", ...policies]);
    await engine.run(["up", "--yes", "--skip-preview", "--suppress-outputs", ...policies]);
    printSummary({ seconds: (Date.now() - began) / 1000, spec, made, info, outputs: engine.outputs() });
}

function requireHost(): void {
    const wrong = hostChecks().filter(({ cure }) => cure !== undefined);
    if (wrong.length === 0) return;
    const lines = wrong.map(
        ({ name, found, cure }) => `${name}: ${found} is not enough for the embedded cluster; ${cure ?? ""}.`,
    );
    throw new UserError(lines.join("\n"));
}

/** See {@link Engine.recover}. */
export function recover(engine: Engine, made: Bootstrap, kubeconfig: string, progress: Progress): Promise<void> {
    const kubectl = new Kubectl(made.binaries.kubectl, kubeconfig);
    return engine.recover(
        ({ lookUp }) => kubectl.get(...lookUp) !== undefined,
        (line) => progress.note(line),
    );
}

/** What a platform on somebody else's cluster needs on this machine. */
const ENGINE_PIECES = [
    "language-host",
    "provider-kubernetes",
    "provider-random",
    "provider-tls",
    "pulumi",
    "kubernetes",
] as const;
