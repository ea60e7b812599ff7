import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { programFolders } from "../distribution-packages";
import { Interrupted, ToolchainError } from "./errors";

export interface RunOptions {
    /** Named in the message when the command fails. */
    readonly piece: string;
    /** How the message calls the command, where its first words say little. */
    readonly shown?: string;
    /** Receives everything the command prints. */
    readonly log: string;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
    /** Lets the command finish even if this process is killed, where stopping halfway would do harm. */
    readonly outlivesUs?: boolean;
    readonly onLine?: (line: string) => void;
}

const LAST_LINES = 15;
const GRACE_MS = 5_000;

/** Runs a command to its end. A failure names the piece, the command, the log file and the log's last lines. */
export async function run(command: readonly string[], options: RunOptions): Promise<void> {
    if (isAborted(options)) throw new Interrupted();
    mkdirSync(dirname(options.log), { recursive: true });
    // For its owner alone: what a tool prints may name a mirror together with its password.
    const log = createWriteStream(options.log, { flags: "a", mode: 0o600 });
    log.write(`$ ${shownCommand(command, options)}\n`);
    const ended = await spawnLogged(command, options, log);
    log.end();
    await finished(log);
    if (isAborted(options)) throw new Interrupted();
    if (ended !== "exit code 0") throw new ToolchainError(failure(command, ended, options));
}

function isAborted({ signal }: RunOptions): boolean {
    return signal?.aborted === true;
}

function spawnLogged(command: readonly string[], options: RunOptions, log: NodeJS.WritableStream): Promise<string> {
    const guard = options.outlivesUs === true ? [] : diesWithParent();
    const [program = "", ...args] = [...guard, ...command];
    return new Promise((resolve) => {
        // A process group of its own, so that a stop reaches the command's children too.
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: options.env ?? process.env,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => {
                log.write(chunk);
                const line = chunk.toString("utf8").trimEnd().split("\n").at(-1);
                if (line !== undefined && line !== "") options.onLine?.(line);
            });
        }
        const forget = stopOnRequest(child, options);
        child.on("error", (error) => resolve(error.message));
        child.on("close", (code, signal) => {
            forget();
            resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
        });
    });
}

/** Ends the command's process group on an interruption or after its time; returns how to stop watching. */
function stopOnRequest({ pid }: ChildProcess, { signal, timeoutMs }: RunOptions): () => void {
    if (pid === undefined) return () => {};
    const timers: NodeJS.Timeout[] = [];
    const stop = () => {
        killGroup(pid, "SIGTERM");
        timers.push(setTimeout(() => killGroup(pid, "SIGKILL"), GRACE_MS));
    };
    signal?.addEventListener("abort", stop, { once: true });
    if (timeoutMs !== undefined) timers.push(setTimeout(stop, timeoutMs));
    return () => {
        signal?.removeEventListener("abort", stop);
        timers.forEach(clearTimeout);
    };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(-pid, signal);
    } catch {
        // The group has ended by itself meanwhile.
    }
}

function failure(command: readonly string[], ended: string, options: RunOptions): string {
    const { piece, log } = options;
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    const last = lines.slice(-LAST_LINES).map((line) => `  ${line}`);
    return [
        `${piece}: \`${shownCommand(command, options)}\` failed (${ended}). Log: ${log}`,
        "Its last lines:",
        ...last,
    ].join("\n");
}

function shownCommand(command: readonly string[], { shown }: RunOptions): string {
    return shown ?? command.slice(0, 4).join(" ") + (command.length > 4 ? " …" : "");
}

// A build must not go on alone when this process is killed: the next start would have to share the machine with it.
function diesWithParent(): string[] {
    const setpriv = findExecutable("setpriv");
    return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL", "--"];
}

/** The absolute path of a command on PATH or in the system folders. */
export function findExecutable(name: string, extraFolders: readonly string[] = []): string | undefined {
    return [...programFolders(), ...extraFolders].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The trimmed output of a command that only answers a question, or undefined where it cannot be asked. */
export function answer(
    command: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
    cwd?: string,
): string | undefined {
    const [program = "", ...args] = command;
    const { status, stdout } = spawnSync(program, args, { encoding: "utf8", timeout: 20_000, env, cwd });
    return status === 0 ? stdout.trim() : undefined;
}
