import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Engine } from "../../cli/engine";
import { StateResource } from "../../cli/held";
import { ENGINE_PIECES } from "../../cli/local";
import { Bootstrap, bootstrap, EKS_PIECES, placeAwsCli } from "../../toolchain/bootstrap";
import { dataDir } from "../../toolchain/paths";
import { silentProgress } from "../../toolchain/progress";
import { Store } from "../../toolchain/providers/aws/store";
import { exampleLock } from "../unit/stacks/lock";
import { Checkout, Edit } from "./checkout";
import { SimulatedControlPlane } from "./control-plane";
import { Result, run } from "./local-platform";
import { allObjects, isOurs } from "./objects";

const PIECES = [...ENGINE_PIECES, ...EKS_PIECES];
const ZONE = "aws:route53/zone:Zone";

/**
 * A simulated AWS account with one real control plane, and a checkout whose stacks stand in it: their own stack files,
 * with images that a lock names. Engine, program and Kubernetes are real, AWS is not.
 */
export class SimulatedAccount {
    readonly store: Store;
    private readonly restore = process.env.XDG_DATA_HOME;

    private constructor(
        readonly cluster: SimulatedControlPlane,
        private readonly tools: Bootstrap,
        private readonly folder: string,
        private readonly checkout: Checkout,
        /** Folder of the `aws` that the stacks' kubeconfigs call. */
        private readonly awsCommand: string,
    ) {
        this.store = new Store(join(folder, "account"));
        mkdirSync(join(folder, "account"));
        // State and passphrase of these stacks are nobody else's.
        process.env.XDG_DATA_HOME = join(folder, "data");
    }

    static async open(): Promise<SimulatedAccount> {
        const tools = await bootstrap({ progress: silentProgress, only: PIECES });
        const awsCommand = await placeAwsCli(new AbortController().signal);
        const cluster = await SimulatedControlPlane.start();
        const folder = mkdtempSync(join(dataDir(), "account-"));
        const checkout = Checkout.at(join(folder, "checkout"));
        checkout.lockImages(exampleLock());
        return new SimulatedAccount(cluster, tools, folder, checkout, awsCommand);
    }

    /** Writes a stack's file as its author has it, but for what `edit` changes; makes the stack. */
    stack(name: string, edit: Edit = (platform) => platform): void {
        this.checkout.editStack(name, edit);
        this.engine(name).create();
    }

    /** A hosted zone that was there before any stack, which the domain's owner made. */
    hostedZone(id: string, name: string): void {
        const outputs = { zoneId: id, name, arn: `arn:aws:route53:::hostedzone/${id}` };
        this.store.put({ type: ZONE, id, urn: "", region: "us-east-1", generation: 0, outputs });
    }

    /** Pulumi's CLI on a stack. */
    pulumi(stack: string, ...args: readonly string[]): Promise<Result> {
        // Makes the CLI take --event-log.
        const env = { ...this.simulated(this.engine(stack).environment), PULUMI_DEBUG_COMMANDS: "true" };
        const all = [...args, "--stack", stack, "--non-interactive"];
        return run(join(this.tools.pulumiBin, "pulumi"), all, { cwd: this.checkout.folder, env });
    }

    /** Our own CLI in the checkout. */
    mlp(...args: readonly string[]): Promise<Result> {
        const env = this.simulated(process.env);
        return run("npx", ["--no-install", "tsx", "cli/main.ts", ...args], { cwd: this.checkout.folder, env });
    }

    private simulated(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
        return {
            ...environment,
            MLP_SIMULATED_AWS: join(this.folder, "account"),
            MLP_SIMULATED_EKS: this.cluster.kubeconfig,
            PATH: [this.awsCommand, environment.PATH].join(delimiter),
        };
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

    /** What the stacks have made in the account, by type. */
    resources(): string[] {
        return this.store.all().flatMap(({ urn, type }) => (urn === "" ? [] : [type]));
    }

    /** What the state of a stack holds. */
    state(stack: string): StateResource[] {
        return (this.engine(stack).state().deployment?.resources ?? []) as StateResource[];
    }

    /** Kubernetes objects that Pulumi has made and that are still there. */
    objects(): string[] {
        const { kubectl } = this.cluster;
        const all = allObjects({
            kubectl: (args, input) => kubectl.run(args, input),
            get: (...args) => kubectl.get(...args),
        });
        return [...all].flatMap(([name, item]) => (isOurs(item) ? [name] : []));
    }

    private engine(stack: string): Engine {
        return new Engine(this.tools, this.checkout.project, stack, undefined);
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
