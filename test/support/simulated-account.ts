import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { parse, parseDocument } from "yaml";

import { Engine } from "../../cli/engine";
import { ENGINE_PIECES } from "../../cli/local";
import { PLATFORM, Project, sourceOf } from "../../cli/stack-files";
import { catalogue } from "../../images/catalogue";
import { Bootstrap, bootstrap, EKS_PIECES, placeAwsCli } from "../../toolchain/bootstrap";
import { dataDir, repositoryRoot } from "../../toolchain/paths";
import { silentProgress } from "../../toolchain/progress";
import { SimulatedControlPlane } from "./control-plane";
import { Result, run } from "./local-platform";

const PIECES = [...ENGINE_PIECES, ...EKS_PIECES];

/** The value of `mlp:platform`. */
type Platform = Record<string, unknown>;

/**
 * A simulated AWS account with one real control plane, and the environments' stacks in it: their own stack files, with
 * images that a lock would name. Engine, program and Kubernetes are real, AWS is not.
 */
export class SimulatedAccount {
    private readonly project: Project;
    private readonly restore = process.env.XDG_DATA_HOME;

    private constructor(
        readonly cluster: SimulatedControlPlane,
        private readonly tools: Bootstrap,
        private readonly folder: string,
        /** Folder of the `aws` that the stacks' kubeconfigs call. */
        private readonly awsCommand: string,
    ) {
        this.project = { ...PLATFORM, stacks: join(folder, "stacks") };
        for (const name of ["stacks", "account"]) mkdirSync(join(folder, name));
        // State and passphrase of these stacks are nobody else's.
        process.env.XDG_DATA_HOME = join(folder, "data");
    }

    static async open(): Promise<SimulatedAccount> {
        const tools = await bootstrap({ progress: silentProgress, only: PIECES });
        const awsCommand = await placeAwsCli(new AbortController().signal);
        const cluster = await SimulatedControlPlane.start();
        return new SimulatedAccount(cluster, tools, mkdtempSync(join(dataDir(), "account-")), awsCommand);
    }

    /** Writes a stack's file as its author has it, but for the images and what `edit` changes; makes the stack. */
    stack(name: string, edit: (platform: Platform) => Platform = (platform) => platform): void {
        const document = parseDocument(readFileSync(sourceOf(PLATFORM, name), "utf8"));
        const { config } = parse(document.toString()) as { config: Record<string, Platform> };
        document.setIn(["config", "mlp:platform"], edit({ ...config["mlp:platform"], images: pinnedImages() }));
        writeFileSync(join(this.project.stacks, `Pulumi.${name}.yaml`), document.toString());
        this.engine(name).create();
    }

    /** Pulumi's CLI on a stack. */
    pulumi(stack: string, ...args: readonly string[]): Promise<Result> {
        const { environment } = this.engine(stack);
        const env = {
            ...environment,
            MLP_SIMULATED_AWS: join(this.folder, "account"),
            MLP_SIMULATED_EKS: this.cluster.kubeconfig,
            PATH: [this.awsCommand, environment.PATH].join(delimiter),
            // Makes the CLI take --event-log.
            PULUMI_DEBUG_COMMANDS: "true",
        };
        const all = [...args, "--stack", stack, "--non-interactive"];
        return run(join(this.tools.pulumiBin, "pulumi"), all, { cwd: repositoryRoot, env });
    }

    /** What an update would do, as a preview tells it. */
    async changes(stack: string): Promise<Change[]> {
        const { code, stdout, output } = await this.pulumi(stack, "preview", "--json");
        if (code !== 0) throw new Error(output);
        const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
        return steps.map(({ op, urn }) => ({ op, urn, type: typeOf(urn) })).filter(({ op }) => op !== "same");
    }

    async outputs<T>(stack: string): Promise<T> {
        return JSON.parse((await this.pulumi(stack, "stack", "output", "--json")).stdout) as T;
    }

    /** What the account holds, by type. */
    resources(): string[] {
        const files = readdirSync(join(this.folder, "account")).filter((file) => file.endsWith(".json"));
        return files.map((file) => {
            const stored = JSON.parse(readFileSync(join(this.folder, "account", file), "utf8")) as { type: string };
            return stored.type;
        });
    }

    private engine(stack: string): Engine {
        return new Engine(this.tools, this.project, stack, undefined);
    }

    async close(): Promise<void> {
        if (this.restore === undefined) delete process.env.XDG_DATA_HOME;
        else process.env.XDG_DATA_HOME = this.restore;
        await this.cluster.stop();
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
    }
}

export interface Change {
    /** `create`, `update`, `replace` and so on. */
    readonly op: string;
    readonly urn: string;
    readonly type: string;
}

/** The type of a resource without those of its parents. */
function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** What the engine deleted, in the order in which it was done. */
export async function deletionsIn(command: (eventLog: string) => Promise<unknown>): Promise<Change[]> {
    const folder = mkdtempSync(join(tmpdir(), "events-"));
    try {
        const file = join(folder, "events.jsonl");
        await command(file);
        const events = readFileSync(file, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as { resOutputsEvent?: { metadata: { op: string; urn: string } } });
        return events.flatMap(({ resOutputsEvent: done }) => {
            if (done?.metadata.op !== "delete") return [];
            const { op, urn } = done.metadata;
            return [{ op, urn, type: typeOf(urn) }];
        });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** As a lock would pin them; nothing pulls them. */
function pinnedImages(): Record<string, string> {
    const digest = `sha256:${"0".repeat(64)}`;
    return Object.fromEntries(
        Object.keys(catalogue).map((name) => [name, `registry.example.org/mlp/${name}@${digest}`]),
    );
}
