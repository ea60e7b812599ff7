import { spawnSync } from "node:child_process";

export interface KubectlResult {
    readonly code: number | null;
    /** Standard output, then standard error. */
    readonly output: string;
    readonly stdout: string;
}

/** kubectl on one cluster. */
export class Kubectl {
    constructor(
        private readonly program: string,
        private readonly kubeconfig: string,
    ) {}

    run(args: readonly string[], input?: string): KubectlResult {
        const { status, stdout, stderr } = spawnSync(this.program, args, {
            env: { ...process.env, KUBECONFIG: this.kubeconfig },
            encoding: "utf8",
            maxBuffer: 256 * 1024 * 1024,
            ...(input !== undefined && { input }),
        });
        return { code: status, output: stdout + stderr, stdout };
    }

    /** The object as JSON. */
    get<T>(...args: readonly string[]): T {
        const { code, stdout, output } = this.run(["get", ...args, "--output=json"]);
        if (code !== 0) throw new Error(output);
        return JSON.parse(stdout) as T;
    }

    /** Applies objects, in their order. */
    apply(...objects: readonly object[]): void {
        const list = { apiVersion: "v1", kind: "List", items: objects };
        const { code, output } = this.run(["apply", "--server-side", "--filename=-"], JSON.stringify(list));
        if (code !== 0) throw new Error(output);
    }
}
