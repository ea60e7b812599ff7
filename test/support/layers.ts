import { spawnSync, StdioOptions } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds after which a layer hangs: a cold build is the longest that may be. */
const LONGEST_LAYER = 50 * 60 * 1000;

export interface Count {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

export function total(counts: readonly Count[]): Count {
    const add = (key: keyof Count) => counts.reduce((sum, count) => sum + count[key], 0);
    return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** One command as one test. */
export function stepLayer(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Count {
    const began = Date.now();
    console.log(`\n── ${name}`);
    const { status } = spawnSync("npx", ["--no-install", ...args], { stdio: "inherit", env, timeout: LONGEST_LAYER });
    const passed = status === 0;
    console.log(`${passed ? "✓" : "✗"} ${name} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

interface JestResult {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly numTodoTests: number;
    readonly numRuntimeErrorTestSuites: number;
}

/** Jest over some folders, one file after another where they share a cluster. */
export function jestLayer(name: string, folders: readonly string[], env: NodeJS.ProcessEnv): Count {
    console.log(`\n── ${name}`);
    const directory = mkdtempSync(join(tmpdir(), "mlp-jest-"));
    const output = join(directory, "result.json");
    const sharesCluster = folders.some((folder) => !/unit|policy/.test(folder));
    const args = [
        "jest",
        ...folders,
        "--json",
        `--outputFile=${output}`,
        "--verbose=true",
        sharesCluster ? "--runInBand" : "--maxWorkers=100%",
    ];
    try {
        const stdio: StdioOptions = ["ignore", "ignore", "inherit"];
        const { status } = spawnSync("npx", ["--no-install", ...args], { stdio, env, timeout: LONGEST_LAYER });
        const result = JSON.parse(readFileSync(output, "utf8")) as JestResult;
        const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
        const empty = result.numPassedTests === 0;
        return {
            passed: result.numPassedTests,
            // A layer without tests, and a jest that failed for a reason of its own, prove nothing.
            failed: status !== 0 || empty ? Math.max(1, failed) : failed,
            skipped: result.numPendingTests + result.numTodoTests,
        };
    } catch (error) {
        console.error(`✗ ${name}: jest gave no result (${error instanceof Error ? error.message : String(error)})`);
        return { passed: 0, failed: 1, skipped: 0 };
    } finally {
        rmSync(directory, { recursive: true });
    }
}
