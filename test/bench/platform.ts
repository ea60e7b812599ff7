import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clusterStatus } from "../../toolchain/cluster";
import { repositoryRoot } from "../../toolchain/paths";
import { Result, run } from "../support/local-platform";
import { freePort } from "../support/free-port";

/**
 * Runs `work` with a data folder and port of its own, so that it may stop and start a platform that nobody works on, and
 * leaves nothing behind.
 */
export async function withOwnPlatform(work: () => Promise<void>): Promise<void> {
    const data = mkdtempSync(join(tmpdir(), "mlp-bench-"));
    process.env.XDG_DATA_HOME = data;
    process.env.MLP_API_PORT = String(await freePort());
    try {
        await work();
    } finally {
        await run("npx", [...MLP, "down", "--purge"], { cwd: repositoryRoot, env: process.env });
        rmSync(data, { recursive: true, force: true });
    }
}

/** Runs `work` on the platform that runs, if one does, and else on one of its own. */
export async function withSomePlatform(work: () => Promise<void>): Promise<void> {
    if ((await clusterStatus()).state === "running") return work();
    return withOwnPlatform(async () => {
        await mlp("up");
        await work();
    });
}

const MLP = ["--no-install", "tsx", "cli/main.ts"];

/** Our own CLI; a run that failed measures nothing. */
export async function mlp(...args: string[]): Promise<void> {
    succeeded(`mlp ${args.join(" ")}`, await run("npx", [...MLP, ...args], { cwd: repositoryRoot, env: process.env }));
}

export function succeeded(what: string, { code, output }: Result): void {
    if (code !== 0) throw new Error(`${what} failed:\n${output}`);
}
