import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { clusterStatus } from "../../toolchain/cluster";
import { repositoryRoot } from "../../toolchain/paths";
import { LocalPlatform } from "../support/local-platform";
import { Evidence } from "./evidence";
import { memoryOf } from "./memory";
import { compareWays } from "./objects";
import { mlp, succeeded, withOwnPlatform } from "./platform";
import { repeat, seconds } from "./statistics";

const OBJECTS = 100;
const SETTLING_MILLISECONDS = 60_000;
const FILE = join(repositoryRoot, "docs", "evidence", "bench.json");

/** What the platform costs on one machine, measured on a platform of its own. */
export async function benchLocal(runs: number): Promise<void> {
    const evidence = new Evidence(FILE, { objects: `${OBJECTS} ConfigMaps` });
    await withOwnPlatform(async () => {
        await mlp("up");
        const platform = await LocalPlatform.find();
        const pulumi = async (...args: string[]) =>
            succeeded(`pulumi ${args.join(" ")}`, await platform.pulumi([...args, "--expect-no-changes"]));
        const add = evidence.add.bind(evidence);

        add("pulumi up, nothing to do", "s", await repeat(runs, () => seconds(() => pulumi("up", ...UNATTENDED))));
        add("pulumi preview", "s", await repeat(runs, () => seconds(() => pulumi("preview"))));
        add("pulumi refresh", "s", await repeat(runs, () => seconds(() => pulumi("refresh", ...UNATTENDED))));

        const ways = await compareWays(platform, OBJECTS, runs);
        add("objects: pulumi up", "s", ways.pulumi);
        add("objects: kubectl apply --server-side", "s", ways.kubectl);
        add("objects: parallel POSTs", "s", ways.api);
        evidence.addRatio("objects: pulumi up", "objects: kubectl apply --server-side");
        evidence.addRatio("objects: pulumi up", "objects: parallel POSTs");

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
    evidence.complete();
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
