/**
 * `npm run bench`: what the platform costs, measured on a platform of its own and written to docs/evidence/bench.json.
 * `npm run bench -- 5` makes five runs of everything instead of three.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { clusterStatus } from "../../toolchain/cluster";
import { repositoryRoot } from "../../toolchain/paths";
import { LocalPlatform } from "../support/local-platform";
import { memoryOf } from "./memory";
import { compareWays } from "./objects";
import { mlp, succeeded, withOwnPlatform } from "./platform";
import { Figure, figureOf, repeat, round, seconds } from "./statistics";

const OBJECTS = 100;
const SETTLING_MILLISECONDS = 60_000;
const FILE = join(repositoryRoot, "docs", "evidence", "bench.json");

async function main(runs: number): Promise<void> {
    const began = { date: new Date().toISOString(), loadAverage: loadavg().map(round) };
    const git = (...args: string[]) => execFileSync("git", args, { cwd: repositoryRoot, encoding: "utf8" }).trim();
    const commit = git("rev-parse", "HEAD");
    const uncommitted = git("status", "--porcelain") !== "";
    const figures: Record<string, Figure> = {};
    const add = (name: string, unit: Figure["unit"], values: readonly number[]) => {
        const figure = (figures[name] = figureOf(values, unit));
        console.log(`${name.padEnd(62)} ${[figure.min, figure.median, figure.max].join(" / ")} ${unit}`);
    };
    console.log(`min / median / max of ${runs} runs; load average ${began.loadAverage.join(", ")}`);

    await withOwnPlatform(async () => {
        await mlp("up");
        const platform = await LocalPlatform.find();
        const pulumi = async (...args: string[]) =>
            succeeded(`pulumi ${args.join(" ")}`, await platform.pulumi([...args, "--expect-no-changes"]));

        add("pulumi up, nothing to do", "s", await repeat(runs, () => seconds(() => pulumi("up", ...UNATTENDED))));
        add("pulumi preview", "s", await repeat(runs, () => seconds(() => pulumi("preview"))));
        add("pulumi refresh", "s", await repeat(runs, () => seconds(() => pulumi("refresh", ...UNATTENDED))));

        const ways = await compareWays(platform, OBJECTS, runs);
        add(`${OBJECTS} ConfigMaps: pulumi up`, "s", ways.pulumi);
        add(`${OBJECTS} ConfigMaps: kubectl apply --server-side`, "s", ways.kubectl);
        add(`${OBJECTS} ConfigMaps: parallel POSTs`, "s", ways.api);

        const ready: number[] = [];
        const restart = async () => {
            await mlp("down");
            const took = await seconds(() => mlp("up"));
            ready.push(await secondsToReady());
            return took;
        };
        add("mlp up from a stopped cluster", "s", await repeat(runs, restart));
        add("cluster start to node Ready", "s", ready);

        await sleep(SETTLING_MILLISECONDS);
        add("idle memory of cluster and training layer (PSS)", "MiB", await repeat(runs, idleMemory));
        const train = () => seconds(() => mlp("example", "training"));
        add("example training, from command to accuracy", "s", await repeat(runs, train));
    });

    const median = (way: string) => figures[`${OBJECTS} ConfigMaps: ${way}`]?.median ?? NaN;
    const ratios = {
        "pulumi up / kubectl apply --server-side": round(median("pulumi up") / median("kubectl apply --server-side")),
        "pulumi up / parallel POSTs": round(median("pulumi up") / median("parallel POSTs")),
    };
    for (const [name, ratio] of Object.entries(ratios)) console.log(`${name.padEnd(62)} ${ratio}`);

    const machine = { cores: availableParallelism(), memoryGiB: round(totalmem() / 2 ** 30), node: process.version };
    const ended = { loadAverage: loadavg().map(round) };
    const evidence = { commit, uncommitted, machine, began, ended, objects: OBJECTS, figures, ratiosOfMedians: ratios };
    mkdirSync(join(FILE, ".."), { recursive: true });
    writeFileSync(FILE, `${JSON.stringify(evidence, null, 4)}\n`);
    console.log(`written to docs/evidence/bench.json`);
}

const UNATTENDED = ["--yes", "--skip-preview"];

async function secondsToReady(): Promise<number> {
    const status = await clusterStatus();
    const timings = status.state === "running" ? status.info.timings : [];
    const ready = timings.find(({ step }) => /node.*ready/i.test(step));
    if (ready === undefined) throw new Error(`no step says that the node is ready: ${JSON.stringify(timings)}`);
    return ready.seconds;
}

async function idleMemory(): Promise<number> {
    const status = await clusterStatus();
    if (status.state !== "running") throw new Error(`the cluster is ${status.state}`);
    await sleep(5_000);
    return memoryOf(status.keeperPid);
}

void main(Number(process.argv[2] ?? 3));
