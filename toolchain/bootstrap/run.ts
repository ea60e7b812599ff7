import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { Interrupted, ToolchainError } from "./errors";

export interface RunOptions {
    /** Named in the message when the command fails. */
    readonly piece: string;
    /** Receives everything the command prints. */
    readonly log: string;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
    readonly onLine?: (line: string) => void;
}

const LAST_LINES = 15;

/** Runs a command to its end. A failure names the piece, the command, the log file and the log's last lines. */
export async function run(command: readonly string[], options: RunOptions): Promise<void> {
    if (isAborted(options)) throw new Interrupted();
    mkdirSync(dirname(options.log), { recursive: true });
    const log = createWriteStream(options.log, { flags: "a" });
    log.write(`$ ${command.join(" ")}\n`);
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
    const [program = "", ...args] = [...diesWithParent(), ...command];
    return new Promise((resolve) => {
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: options.env ?? process.env,
            stdio: ["ignore", "pipe", "pipe"],
            ...(options.signal === undefined ? {} : { signal: options.signal }),
            ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
        });
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => {
                log.write(chunk);
                const line = chunk.toString("utf8").trimEnd().split("\n").at(-1);
                if (line !== undefined && line !== "") options.onLine?.(line);
            });
        }
        // Abort arrives here too; `close` follows once the process has started.
        child.on("error", (error) => {
            if (child.pid === undefined) resolve(error.message);
        });
        child.on("close", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
}

function failure(command: readonly string[], ended: string, { piece, log }: RunOptions): string {
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    const last = lines.slice(-LAST_LINES).map((line) => `  ${line}`);
    const shown = command.slice(0, 4).join(" ") + (command.length > 4 ? " …" : "");
    return [`${piece}: \`${shown}\` failed (${ended}). Log: ${log}`, "Its last lines:", ...last].join("\n");
}

// A build must not go on alone when this process is killed: the next start would have to share the machine with it.
function diesWithParent(): string[] {
    const setpriv = findExecutable("setpriv");
    return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL", "--"];
}

// Debian keeps administrators' commands out of an ordinary user's PATH.
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The absolute path of a command on PATH or in the system folders. */
export function findExecutable(name: string, extraFolders: readonly string[] = []): string | undefined {
    const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS, ...extraFolders];
    return folders
        .filter((folder) => folder !== "")
        .map((folder) => join(folder, name))
        .find((path) => existsSync(path));
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
