import { spawn, spawnSync } from "node:child_process";

import { CommandFailed } from "./errors";

/** kubectl of the pinned version against one cluster. */
export class Kubectl {
    constructor(
        private readonly command: string,
        private readonly kubeconfig: string,
    ) {}

    /** For the user: talks to the terminal itself. */
    async run(args: readonly string[]): Promise<void> {
        const child = spawn(this.command, args, { env: this.environment(), stdio: "inherit" });
        const code = await new Promise<number>((resolve, reject) => {
            child.on("error", reject);
            child.on("exit", (status) => resolve(status ?? 1));
        });
        if (code !== 0) throw new CommandFailed("kubectl", code);
    }

    /** The object or list as JSON; undefined when it is not there or cannot be read now. */
    get<T>(...args: readonly string[]): T | undefined {
        const { status, stdout } = spawnSync(this.command, ["get", ...args, "--output=json"], {
            env: this.environment(),
            encoding: "utf8",
            maxBuffer: 64 * 1024 * 1024,
        });
        return status === 0 ? (JSON.parse(stdout) as T) : undefined;
    }

    text(...args: readonly string[]): string {
        return spawnSync(this.command, args, { env: this.environment(), encoding: "utf8" }).stdout;
    }

    /** Calls `line` for every line of a command that goes on; the returned function ends it. */
    follow(args: readonly string[], line: (text: string) => void): () => void {
        const child = spawn(this.command, args, { env: this.environment(), stdio: ["ignore", "pipe", "ignore"] });
        let rest = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            const lines = (rest + chunk).split("\n");
            rest = lines.pop() ?? "";
            lines.forEach(line);
        });
        return () => child.kill();
    }

    private environment(): NodeJS.ProcessEnv {
        return { ...process.env, KUBECONFIG: this.kubeconfig };
    }
}
