import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Bootstrap } from "../toolchain/bootstrap";
import { dataDir } from "../toolchain/paths";
import { CommandFailed, UserError } from "./errors";
import { Candidate, candidatesOf, locksOf, removeBrokenDrafts, settled, StackState, unsettled } from "./recovery";
import { keepSalt, Override, overrideIn, passphraseFile, Project, secretsProviderOf, workingCopy } from "./stack-files";

/**
 * What the environment of a shell needs so that plain `pulumi` works on a stack.
 *
 * @param users the user's environment, where its own backend and passphrase take the place of ours
 */
export function pulumiEnvironment(
    { pulumiHome, pulumiBin }: Pick<Bootstrap, "pulumiHome" | "pulumiBin">,
    kubeconfig: string | undefined,
    stackFile: string,
    users: NodeJS.ProcessEnv = {},
): Record<string, string> {
    return {
        ...(pulumiBin !== undefined && { PATH: `${pulumiBin}${delimiter}${process.env.PATH ?? ""}` }),
        PULUMI_HOME: pulumiHome,
        PULUMI_BACKEND_URL: users.PULUMI_BACKEND_URL || ownBackend(),
        ...(!hasPassphrase(users) && {
            PULUMI_CONFIG_PASSPHRASE_FILE: users.PULUMI_CONFIG_PASSPHRASE_FILE || passphraseFile(),
        }),
        PULUMI_OPTION_CONFIG_FILE: stackFile,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // Types are checked once, by `npm test`; a program that only runs need not wait for it.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // Our objects are few and the API server is near: the client's default limit would be the slowest part.
        PULUMI_K8S_CLIENT_QPS: "200",
        PULUMI_K8S_CLIENT_BURST: "400",
        ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
    };
}

/** Whether the user's passphrase stands in a variable, which Pulumi prefers to any file. */
export function hasPassphrase(users: NodeJS.ProcessEnv): boolean {
    return users.PULUMI_CONFIG_PASSPHRASE !== undefined;
}

function ownBackend(): string {
    const state = dataDir("state");
    mkdirSync(state, { recursive: true, mode: 0o700 });
    return `file://${state}`;
}

/** The Pulumi CLI for one stack of one project. */
export class Engine {
    readonly environment: NodeJS.ProcessEnv;
    private readonly command: string;
    private readonly ownsBackend: boolean;

    constructor(
        tools: Pick<Bootstrap, "pulumiHome" | "pulumiBin">,
        private readonly project: Project,
        private readonly stack: string,
        kubeconfig: string | undefined,
        /** See {@link pulumiEnvironment}. */
        users: NodeJS.ProcessEnv = {},
    ) {
        if (tools.pulumiBin === undefined) throw new Error("the Pulumi CLI was not asked for");
        this.command = join(tools.pulumiBin, "pulumi");
        const own = pulumiEnvironment(tools, kubeconfig, workingCopy(project, stack), users);
        this.environment = { ...process.env, ...own };
        // Pulumi would prefer it to the file that we name.
        if (!hasPassphrase(users)) delete this.environment.PULUMI_CONFIG_PASSPHRASE;
        this.ownsBackend = own.PULUMI_BACKEND_URL === ownBackend();
    }

    /**
     * Creates the stack where it is missing. `pulumi stack init` writes the new salt beside the Pulumi.yaml that it
     * finds, so it gets one of its own, and the salt goes into the working copy.
     */
    create(): void {
        const { name } = this.project;
        if (this.exists()) return;
        const folder = mkdtempSync(join(tmpdir(), "mlp-stack-"));
        try {
            writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
            const secrets = secretsProviderOf(this.project, this.stack);
            const keptBy = secrets === undefined ? [] : ["--secrets-provider", secrets];
            const init = ["stack", "init", this.stack, "--non-interactive", ...keptBy];
            const { status, stderr } = this.capture(init, folder);
            if (status !== 0) throw new UserError(`Stack ${this.stack} cannot be created: ${stderr.trim()}`);
            keepSalt(this.project, this.stack, join(folder, `Pulumi.${this.stack}.yaml`));
        } finally {
            rmSync(folder, { recursive: true });
        }
    }

    // Asking the CLI takes a second, which only somebody else's backend is worth.
    private exists(): boolean {
        return this.ownsBackend
            ? existsSync(dataDir("state", ".pulumi", "stacks", this.project.name, `${this.stack}.json`))
            : this.capture(["stack", "export", "--stack", this.stack]).status === 0;
    }

    /**
     * Runs a command that talks to the user itself, and waits for its orderly end however we are told to stop. Ctrl-C
     * reaches it directly.
     */
    async run(args: readonly string[]): Promise<void> {
        const child = spawn(this.command, [...args, "--stack", this.stack], {
            cwd: this.project.directory,
            env: this.environment,
            stdio: "inherit",
        });
        const ignore = () => undefined;
        // SIGHUP, which would kill it, is passed on as the signal that it ends orderly at.
        const end = () => child.kill("SIGTERM");
        process.on("SIGINT", ignore).on("SIGTERM", end).on("SIGHUP", end);
        try {
            const code = await new Promise<number>((resolve, reject) => {
                child.on("error", reject);
                child.on("exit", (status, signal) => resolve(status ?? (signal === "SIGINT" ? 130 : 1)));
            });
            if (code !== 0) throw new CommandFailed(`pulumi ${args[0] ?? ""}`, code);
        } finally {
            process.off("SIGINT", ignore).off("SIGTERM", end).off("SIGHUP", end);
        }
    }

    /**
     * Mends what a killed engine left behind: its lock, and objects that exist although the state does not know them.
     * Does nothing after an orderly end.
     */
    async recover(exists: (candidate: Candidate) => boolean, say: (line: string) => void): Promise<void> {
        const locks = this.ownsBackend ? await locksOf(this.project.name, this.stack) : [];
        const holder = locks.find(({ alive }) => alive);
        if (holder !== undefined) {
            throw new UserError(
                `Stack ${this.stack} is being changed by process ${holder.pid ?? "unknown"}: wait for it, or end it.`,
            );
        }
        if (locks.length > 0) {
            say("The last update was killed: taking its lock away.");
            removeBrokenDrafts(this.project.name, this.stack);
            const { status, stderr } = this.capture(["cancel", "--yes", "--stack", this.stack]);
            if (status !== 0) throw new UserError(`The lock of stack ${this.stack} stays: ${stderr.trim()}`);
        }
        const state = this.state();
        const pending = state.deployment?.pending_operations ?? [];
        if (pending.length === 0) return;
        const open = unsettled(pending).map(({ type, resource }) => `${type} ${resource.urn}`);
        if (open.length > 0) {
            say(
                `What became of these only AWS can tell: look there, then \`pulumi import\` what exists, or ` +
                    `\`pulumi refresh\` to forget the rest: ${open.join(", ")}.`,
            );
        }
        if (open.length === pending.length) return;
        say(`The last update was killed with ${pending.length} operations under way: looking what became of them.`);
        const existing = candidatesOf(pending).filter(exists);
        this.replaceState(settled(state, existing));
        const targets = existing.flatMap(({ urn }) => ["--target", urn]);
        if (targets.length === 0) return;
        await this.run(["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...targets]);
    }

    /** Values in place of the stack file's, for the runs of this engine. */
    override(overrides: readonly Override[]): void {
        if (overrides.length > 0) overrideIn(this.project, this.stack, overrides);
    }

    outputs(): Record<string, unknown> {
        const { status, stdout, stderr } = this.capture(["stack", "output", "--json", "--stack", this.stack]);
        if (status !== 0) throw new UserError(`Outputs of stack ${this.stack} cannot be read: ${stderr.trim()}`);
        return JSON.parse(stdout) as Record<string, unknown>;
    }

    /** One output that is a secret, in the clear; undefined where there is none. */
    secretOutput(name: string): unknown {
        const { status, stdout } = this.capture([
            "stack",
            "output",
            name,
            "--json",
            "--show-secrets",
            "--stack",
            this.stack,
        ]);
        return status === 0 ? (JSON.parse(stdout) as unknown) : undefined;
    }

    /** The state as Pulumi exports it; empty when there is no such stack. Secrets stay encrypted. */
    state(): StackState {
        const { status, stdout } = this.capture(["stack", "export", "--stack", this.stack]);
        return status === 0 ? (JSON.parse(stdout) as StackState) : {};
    }

    private replaceState(state: StackState): void {
        const folder = mkdtempSync(join(tmpdir(), "mlp-state-"));
        try {
            const file = join(folder, "state.json");
            writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
            const { status, stderr } = this.capture(["stack", "import", "--file", file, "--stack", this.stack]);
            if (status !== 0)
                throw new UserError(`The state of stack ${this.stack} cannot be mended: ${stderr.trim()}`);
        } finally {
            rmSync(folder, { recursive: true });
        }
    }

    private capture(
        args: readonly string[],
        cwd = this.project.directory,
    ): { status: number | null; stdout: string; stderr: string } {
        return spawnSync(this.command, args, {
            cwd,
            env: this.environment,
            encoding: "utf8",
            maxBuffer: 256 * 1024 * 1024,
        });
    }
}
