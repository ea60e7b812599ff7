import { ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";

import { dataDir } from "../toolchain/paths";
import { CommandFailed, UserError } from "./errors";

/** What kubectl says of a kind whose definition is not installed: then there is no object of it either. */
const NO_SUCH_KIND = /the server doesn't have a resource type|no matches for kind/;

/**
 * Writes the kubeconfig that a stack gave out, for its owner alone.
 *
 * @returns its path.
 */
export function writeKubeconfig(stack: string, kubeconfig: unknown): string {
    if (typeof kubeconfig !== "string") {
        throw new UserError(`Stack ${stack} has no kubeconfig yet: its cluster was never finished.`);
    }
    const file = dataDir("kubeconfigs", stack);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    return file;
}

/** kubectl of the pinned version against one cluster. */
export class Kubectl {
    constructor(
        private readonly command: string,
        private readonly kubeconfig: string,
        /** Default: the kubeconfig's current one. */
        private readonly context?: string,
    ) {}

    /** For the user: talks to the terminal itself. */
    async run(args: readonly string[]): Promise<void> {
        const child = spawn(this.command, this.inContext(args), { env: this.environment(), stdio: "inherit" });
        const code = await new Promise<number>((resolve, reject) => {
            child.on("error", reject);
            child.on("exit", (status) => resolve(status ?? 1));
        });
        if (code !== 0) throw new CommandFailed("kubectl", code);
    }

    /**
     * The object or list as JSON; undefined when it is not there.
     *
     * @throws UserError when the cluster cannot tell.
     */
    find<T>(...args: readonly string[]): T | undefined {
        const asked = ["get", ...args, "--ignore-not-found", "--output=json", "--request-timeout=15s"];
        const { status, stdout, stderr } = this.capture(asked);
        if (status === 0) return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as T);
        if (NO_SUCH_KIND.test(stderr)) return undefined;
        const why = stderr.trim().split("\n").pop() ?? "";
        throw new UserError(`The cluster of ${this.kubeconfig} cannot be asked for ${args.join(" ")}: ${why}`);
    }

    /** What a command prints; where it fails, what it says of that. */
    text(...args: readonly string[]): string {
        const { status, stdout, stderr } = this.capture(args);
        return status === 0 ? stdout : stderr;
    }

    /** @throws UserError with what the cluster says where it refuses the object. */
    create(object: object): void {
        const { status, stderr } = this.capture(["create", "--filename=-"], JSON.stringify(object));
        if (status !== 0) throw new UserError(`The cluster refuses an object: ${stderr.trim()}`);
    }

    /** Calls `line` for every line of a command that goes on; the returned function ends it. */
    follow(args: readonly string[], line: (text: string) => void): () => void {
        const child = spawn(this.command, this.inContext(args), {
            env: this.environment(),
            stdio: ["ignore", "pipe", "ignore"],
        });
        let rest = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            const lines = (rest + chunk).split("\n");
            rest = lines.pop() ?? "";
            lines.forEach(line);
        });
        // The last line may have no newline.
        const flush = () => {
            if (rest !== "") line(rest);
            rest = "";
        };
        child.stdout.on("end", flush);
        child.on("error", (error) => line(`kubectl ${args[0] ?? ""}: ${error.message}`));
        return () => {
            flush();
            child.kill();
        };
    }

    /** A command that goes on until it is killed. */
    start(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
        const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
        return spawn(this.command, this.inContext(args), { env: this.environment(), stdio });
    }

    private capture(
        args: readonly string[],
        input?: string,
    ): { status: number | null; stdout: string; stderr: string } {
        const made = spawnSync(this.command, this.inContext(args), {
            env: this.environment(),
            encoding: "utf8",
            maxBuffer: 64 * 1024 * 1024,
            ...(input !== undefined && { input }),
        });
        if (made.error !== undefined) throw made.error;
        return made;
    }

    private inContext(args: readonly string[]): string[] {
        return this.context === undefined ? [...args] : ["--context", this.context, ...args];
    }

    private environment(): NodeJS.ProcessEnv {
        return { ...process.env, KUBECONFIG: this.kubeconfig };
    }
}
