import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { pulumiEnvironment } from "../../cli/engine";
import { ENGINE_PIECES } from "../../cli/local";
import { Project, PLATFORM, workingCopy } from "../../cli/stack-files";
import { Bootstrap, bootstrap } from "../../toolchain/bootstrap";
import { ClusterInfo, clusterStatus } from "../../toolchain/cluster";
import { repositoryRoot } from "../../toolchain/paths";
import { silentProgress } from "../../toolchain/progress";
import { Kubectl, KubectlResult } from "./kubectl";

export interface Result {
    readonly code: number | null;
    /** Standard output and standard error, in the order in which they came. */
    readonly output: string;
    readonly stdout: string;
}

/** The platform that `npm test` has brought up, as tests reach it: by the commands that users have. */
export class LocalPlatform {
    private constructor(
        readonly tools: Bootstrap,
        readonly cluster: ClusterInfo,
        private readonly cgroup: string,
    ) {}

    static async find(): Promise<LocalPlatform> {
        const status = await clusterStatus();
        if (status.state !== "running") throw new Error("start the local platform first: npm run up");
        return new LocalPlatform(
            await bootstrap({ progress: silentProgress, only: ENGINE_PIECES }),
            status.info,
            cgroupOf(status.keeperPid),
        );
    }

    kubectl(args: readonly string[], input?: string): KubectlResult {
        return new Kubectl(this.tools.binaries.kubectl, this.cluster.kubeconfig).run(args, input);
    }

    /** The object as JSON. */
    get<T>(...args: readonly string[]): T {
        return new Kubectl(this.tools.binaries.kubectl, this.cluster.kubeconfig).get<T>(...args);
    }

    environment(project: Project = PLATFORM, stack = "local"): NodeJS.ProcessEnv {
        const { pulumiHome, pulumiBin } = this.tools;
        const own = pulumiEnvironment({ pulumiHome, pulumiBin }, this.cluster.kubeconfig, workingCopy(project, stack));
        // A tester's own passphrase would win over the local stack's.
        const { PULUMI_CONFIG_PASSPHRASE: _own, ...inherited } = process.env;
        return { ...inherited, ...own };
    }

    /** Pulumi's CLI on a stack, as in a shell after `npm run env`. */
    pulumi(args: readonly string[], project: Project = PLATFORM, stack = "local"): Promise<Result> {
        return run(join(this.tools.pulumiBin ?? "", "pulumi"), [...args, "--stack", stack, "--non-interactive"], {
            cwd: project.directory,
            env: this.environment(project, stack),
        });
    }

    /** Our own CLI, as `npm run` starts it. */
    mlp(args: readonly string[], until?: (output: string) => boolean): Promise<Result> {
        const options = { cwd: repositoryRoot, env: process.env, ...(until && { until }) };
        return run("npx", ["--no-install", "tsx", "cli/main.ts", ...args], options);
    }

    /** Process ids of a program of this cluster, and of no other on the machine, found by its command line. */
    processes(pattern: RegExp): number[] {
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .map(Number)
            .filter((pid) => pattern.test(commandLine(pid)) && procFile(pid, "cgroup").includes(this.cgroup));
    }
}

function commandLine(pid: number): string {
    return procFile(pid, "cmdline").replaceAll("\0", " ");
}

/** The cgroup below which everything of a cluster lives: its keeper's descendants enter it. */
function cgroupOf(keeper: number): string {
    const search = (pid: number): string | undefined => {
        const found = /mlp-cluster-\w+/.exec(procFile(pid, "cgroup"))?.[0];
        if (found !== undefined) return found;
        const children = procFile(pid, `task/${pid}/children`).split(" ").filter(Boolean).map(Number);
        return children.map(search).find((one) => one !== undefined);
    };
    const found = search(keeper);
    if (found === undefined) throw new Error(`the keeper ${keeper} has no process in a cgroup of ours`);
    return found;
}

function procFile(pid: number, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
        return ""; // It ended while we looked.
    }
}

interface RunOptions {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    /** Interrupts the command as Ctrl-C does once its output says so. */
    readonly until?: (output: string) => boolean;
}

/** Runs a command to its end, in a process group of its own so that an interruption reaches all of it. */
export async function run(command: string, args: readonly string[], { cwd, env, until }: RunOptions): Promise<Result> {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let [output, stdout, interrupted] = ["", "", false];
    const add = (text: string) => {
        output += text;
        if (until === undefined || interrupted || !until(output) || child.pid === undefined) return;
        interrupted = true;
        process.kill(-child.pid, "SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        add(text);
    });
    child.stderr.setEncoding("utf8").on("data", add);
    const code = await new Promise<number | null>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", resolve);
    });
    return { code, output, stdout };
}

/** Waits until `check` gives a value, or fails with what it last said. */
export async function eventually<T>(what: string, check: () => T | undefined, seconds = 180): Promise<T> {
    for (const end = Date.now() + seconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
        const value = check();
        if (value !== undefined) return value;
        if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    }
}
