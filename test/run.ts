/**
 * `npm test`: every layer in the order that fails fast, on a platform of its own that leaves nothing behind. Ends with
 * `N passed, N failed, N skipped`; a skipped test counts as a failure.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Count, jestLayer, stepLayer, total } from "./support/layers";
import { footprint, newIn } from "./support/footprint";
import { otherNode } from "./support/other-node";

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
        [jest("unit", "test/unit"), jest("policy", "test/policy")],
        [{ name: `unit and policy on another Node.js`, run: () => onOtherNode(environment) }],
        [command("up", ...MLP, "up")],
        [command("generated files", ...MLP, "generate", "--check"), jest("schema", "test/schema")],
        [jest("journey", "test/journey")],
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
            if (counts.some(({ failed }) => failed > 0)) break;
            counts.push(...stage.map(({ run }) => run()));
        }
    } finally {
        spawnSync("npx", [...MLP, "down", "--purge"], { env: environment, stdio: "ignore" });
        rmSync(data, { recursive: true, force: true });
    }
    counts.push(leftBehind(newIn(footprint(), before)));
    const { passed, failed, skipped } = total(counts);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed + skipped === 0 ? 0 : 1;
}

function onOtherNode(environment: NodeJS.ProcessEnv): Count {
    const folder = otherNode();
    const env = { ...environment, PATH: `${folder}${delimiter}${environment.PATH ?? ""}` };
    const version = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
    return jestLayer(`unit and policy on Node.js ${version}`, ["test/unit", "test/policy"], env);
}

function leftBehind(left: readonly string[]): Count {
    left.forEach((one) => console.error(`✗ left behind: ${one}`));
    if (left.length === 0) console.log("✓ nothing is left behind");
    return { passed: left.length === 0 ? 1 : 0, failed: left.length, skipped: 0 };
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}

void main().then((code) => (process.exitCode = code));
