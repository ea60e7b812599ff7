import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, openSync, closeSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { bundlePrograms } from "./bundle";
import { callKeeper, KeeperStatus } from "./control";
import type { KeeperRequest } from "./keeper";
import { HostLayout } from "./layout";
import { PROGRAM_PATH } from "./preconditions";
import { lastLines } from "./process";
import { ClusterError, KeeperConfig } from "./types";

const POLL_MS = 50;
const LOCK_IS_HELD = 75;

type Ending = "done" | "failed" | "lock held";

export interface Launch {
    readonly pid: number | undefined;
    readonly ended: Promise<Ending>;
    /** How it ended, as soon as it has. */
    ending(): Ending | undefined;
}

/**
 * Starts a keeper as a daemon: own session, no terminal, logs in the state's folder. The lock is on the folder above
 * the state, which no purge removes; the kernel gives it back however the keeper ends.
 */
export function launchKeeper(layout: HostLayout, request: KeeperRequest): Launch {
    // Just before they are run: a keeper of another version removes what is not its own.
    const { folder: programs } = bundlePrograms(layout);
    mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
    const log = openSync(join(layout.logs, "keeper.log"), "a");
    const keeper = [process.execPath, "--max-old-space-size=64", join(programs, "keeper.js"), layout.root];
    const lock = ["--no-fork", "--nonblock", "--conflict-exit-code", String(LOCK_IS_HELD), dirname(layout.root)];
    const child = spawn("flock", [...lock, ...keeper], {
        cwd: "/",
        detached: true,
        env: { PATH: PROGRAM_PATH },
        stdio: ["pipe", log, log],
    });
    closeSync(log);
    // A keeper that found the lock held reads nothing.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(JSON.stringify(request));
    // Only a keeper that stays is left to itself.
    if (request.mode === "keep") child.unref();
    let ending: Ending | undefined;
    const ended = new Promise<Ending>((resolve) => {
        child.once("error", () => resolve("failed"));
        child.once("exit", (code) => resolve(code === 0 ? "done" : code === LOCK_IS_HELD ? "lock held" : "failed"));
    });
    void ended.then((how) => (ending = how));
    return { pid: child.pid, ended, ending: () => ending };
}

/** Waits for a running cluster, starting one whenever there is none and nobody else is at it. */
export async function bringUp(
    layout: HostLayout,
    config: KeeperConfig,
    progress: (line: string) => void,
): Promise<{ status: KeeperStatus; launched: boolean }> {
    let launch: Launch | undefined;
    let watched = false;
    let seen = 0;
    for (;;) {
        const found = await callKeeper(layout, "status");
        if (found === undefined) {
            const ending = launch?.ending();
            if (launch === undefined || ending === "lock held") {
                launch = launchKeeper(layout, { mode: "keep", config });
            } else if (ending !== undefined) {
                const log = join(layout.logs, "keeper.log");
                throw new ClusterError(
                    `The cluster's keeper ended before the cluster was up; ${log} ends: ${lastLines(log, 1)}`,
                );
            }
        } else {
            const { phase, error, lines, pid } = found.result;
            if (phase === "starting") watched = true;
            if (phase === "starting" || phase === "running") {
                if (watched) for (const line of lines.slice(seen)) progress(line);
                seen = lines.length;
            }
            if (phase === "running") return { status: found.result, launched: launch?.pid === pid };
            // A failure of the time before this call tells nothing about this start.
            if (phase === "failed" && (watched || launch !== undefined)) throw new ClusterError(error ?? "failed");
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}

/** Waits until no keeper answers any more. */
export async function untilGone(layout: HostLayout): Promise<void> {
    while ((await callKeeper(layout, "status")) !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}

/** Differs as soon as a running cluster would not be what the options ask for. Rebuilt programs count as others. */
export function fingerprintOf(options: {
    readonly binaries: Readonly<Record<string, string>>;
    readonly apiPort: number;
    readonly program: string;
    readonly networkPolicies?: boolean;
}): string {
    const files = Object.values(options.binaries).map((path) => {
        const { size, mtimeMs } = statSync(path);
        return [path, size, mtimeMs];
    });
    return createHash("sha256")
        .update(JSON.stringify([options, files]))
        .digest("hex");
}
