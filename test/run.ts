/**
 * `npm test`: every layer in the order that fails fast, on a platform of its own that leaves nothing behind. Ends with
 * `N passed, N failed, N skipped`; a skipped test counts as a failure.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Count, jestLayer, stepLayer, total } from "./support/layers";
import { footprint, newIn, processesOf } from "./support/footprint";
import { freePort } from "./support/free-port";

/** A layer that stands on another is not started when that one failed: its failure would say nothing. */
type Stage = readonly Layer[];

interface Layer {
    readonly name: string;
    readonly run: () => Count;
}

const MLP = ["tsx", "cli/main.ts"];

function stages(environment: NodeJS.ProcessEnv): Stage[] {
    const command = (name: string, ...args: string[]): Layer => ({
        name,
        run: () => stepLayer(name, args, environment),
    });
    // Pure layers see what a developer's shell has, not the platform that the others share.
    const pure = (name: string, folder: string): Layer => ({
        name,
        run: () => jestLayer(name, [folder], process.env),
    });
    const jest = (name: string, ...folders: string[]): Layer => ({
        name,
        run: () => jestLayer(name, folders, environment),
    });
    return [
        [
            command("types", "tsc", "--noEmit"),
            command("lint", "eslint", ".", "--max-warnings", "0"),
            command("format", "prettier", "--check", "--log-level", "warn", "."),
        ],
        [pure("unit", "test/unit"), pure("policy", "test/policy")],
        [command("up", ...MLP, "up")],
        [command("generated files", ...MLP, "generate", "--check"), jest("schema", "test/schema")],
        [jest("journey", "test/journey")],
        // Before the tests that need them: a cold build takes longer than a test may.
        [command("simulated nodes", "tsx", "toolchain/bootstrap/main.ts", "kwok", "karpenter-kwok")],
        [jest("engine", "test/engine")],
        [command("purge", ...MLP, "down", "--purge")],
    ];
}

async function main(): Promise<number> {
    const before = footprint();
    const data = mkdtempSync(join(tmpdir(), "mlp-test-"));
    const environment = {
        ...process.env,
        XDG_DATA_HOME: data,
        MLP_API_PORT: String(await freePort()),
        NODE_NO_WARNINGS: "1",
        npm_config_loglevel: "error",
    };
    const counts: Count[] = [];
    try {
        for (const stage of stages(environment)) {
            // What cannot be judged is not passed: it counts as skipped, and a skipped layer fails the run.
            const stop = counts.some(({ failed, skipped }) => failed + skipped > 0);
            counts.push(...stage.map((layer) => (stop ? notRun(layer) : judged(layer))));
        }
    } finally {
        spawnSync("npx", [...MLP, "down", "--purge"], { env: environment, stdio: "ignore" });
        counts.push(leftBehind(await whatStays(() => [...newIn(footprint(), before), ...processesOf(data)])));
        rmSync(data, { recursive: true, force: true });
    }
    const { passed, failed, skipped } = total(counts);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed + skipped === 0 ? 0 : 1;
}

function judged({ name, run }: Layer): Count {
    try {
        return run();
    } catch (error) {
        console.error(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}`);
        return { passed: 0, failed: 1, skipped: 0 };
    }
}

function notRun({ name }: Layer): Count {
    console.log(`– ${name}: not run, because of the failure before it`);
    return { passed: 0, failed: 0, skipped: 1 };
}

/** What is still there after a while: the last process of a purge ends when its caller has gone. */
async function whatStays(look: () => string[]): Promise<string[]> {
    const until = Date.now() + 30_000;
    for (let left = look(); ; left = look()) {
        if (left.length === 0 || Date.now() > until) return left;
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

function leftBehind(left: readonly string[]): Count {
    left.forEach((one) => console.error(`✗ left behind: ${one}`));
    if (left.length === 0) console.log("✓ nothing is left behind");
    return { passed: left.length === 0 ? 1 : 0, failed: left.length, skipped: 0 };
}

void main().then((code) => (process.exitCode = code));
