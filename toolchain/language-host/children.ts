import { ChildProcess, spawn, SpawnOptions } from "node:child_process";

const running = new Set<ChildProcess>();

/** Starts Node with these arguments and remembers the process until it ends. */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(process.execPath, args, options);
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
}

/** Sends a signal to everything that is still running. */
export function signalAll(signal: NodeJS.Signals): void {
    for (const child of running) child.kill(signal);
}
