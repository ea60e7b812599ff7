import { statSync } from "node:fs";
import { join } from "node:path";

import { cacheDir, dataDir, repositoryRoot } from "../../toolchain/paths";
import { run } from "../support/local-platform";
import { SimulatedAccount } from "../support/simulated-account";
import { Emission } from "./emit";
import { Evidence } from "./evidence";
import { dropFromPageCache } from "./page-cache";
import { Peaks, peaksDuring, Process, PROCESSES } from "./peak";
import { succeeded } from "./platform";
import { repeat, seconds } from "./statistics";

const FILE = join(repositoryRoot, "docs", "evidence", "bench-aws.json");
const CLUSTER = "prod-cluster";
/** Each before those that stand on it. */
const STACKS = [CLUSTER, "prod"] as const;
type Stack = (typeof STACKS)[number];

const ZONE = { id: "Z0123456789PROD", name: "example.org" };
const UP = ["up", "--yes", "--skip-preview"];
const NO_CHANGES = "--expect-no-changes";

const CONDITIONS = {
    standIns:
        "AWS and EKS are simulators, nodes are kwok's; engine, program and Kubernetes control plane are real. AWS's own " +
        "time is in no figure.",
    cold:
        "Every command starts its processes anew. Before a cold one the kernel is told to forget the files of " +
        "node_modules, of the engine and of its plugins; it keeps what other processes have mapped, and " +
        "the disk's own caches stay.",
    emission:
        "In a process of its own, with ts-node as the engine's runner has it; Pulumi's mocks answer in the place of the " +
        "engine, and their work is in the figure. CRDs are among the resources.",
    memory: "VmHWM, looked at every 100 ms.",
};

/** What the stacks of prod cost in a simulated account, on a control plane whose nodes are simulated. */
export async function benchAws(runs: number): Promise<void> {
    const evidence = new Evidence(FILE, CONDITIONS);
    for (const stack of STACKS) await emission(evidence, stack, runs);
    const account = await SimulatedAccount.open();
    try {
        account.hostedZone(ZONE.id, ZONE.name);
        for (const stack of STACKS) account.stack(stack);
        for (const stack of STACKS) await previews(evidence, account, stack, runs);
        for (const stack of STACKS) await updates(evidence, account, stack, runs);
    } finally {
        await account.close();
    }
    evidence.complete();
}

async function emission(evidence: Evidence, stack: Stack, runs: number): Promise<void> {
    const made: Emission[] = [];
    while (made.length < runs) made.push(await emissionOf(stack));
    const of = (key: keyof Emission) => made.map((one) => one[key]);
    evidence.add(`load the program of ${stack}`, "s", of("load"));
    evidence.add(`resolve + emit ${stack}`, "s", of("emit"));
    evidence.add(`resolve + emit ${stack}, processor time`, "s", of("emitProcessor"));
    evidence.add(`resources of ${stack}`, "resources", of("resources"));
}

async function emissionOf(stack: Stack): Promise<Emission> {
    const args = ["--require", "ts-node/register/transpile-only", join("test", "bench", "emit.ts"), stack];
    const result = await run(process.execPath, args, { cwd: repositoryRoot, env: process.env });
    succeeded(`emission of ${stack}`, result);
    return JSON.parse(result.stdout) as Emission;
}

/** Previews while the account is empty, and so no cluster is known. */
async function previews(evidence: Evidence, account: SimulatedAccount, stack: Stack, runs: number): Promise<void> {
    const preview = () => pulumi(account, stack, "preview");
    const cold = () => {
        forgetFiles();
        return seconds(preview);
    };
    evidence.add(`preview of ${stack}, empty account, cold`, "s", await repeat(runs, cold));
    evidence.add(`preview of ${stack}, empty account, warm`, "s", await repeat(runs, () => seconds(preview)));
    const peaks: Peaks[] = [];
    while (peaks.length < runs) peaks.push(await peaksDuring(preview));
    addPeaks(evidence, `preview of ${stack}`, peaks);
}

async function updates(evidence: Evidence, account: SimulatedAccount, stack: Stack, runs: number): Promise<void> {
    let peaks: Peaks | undefined;
    const first = async () => {
        peaks = await peaksDuring(() => pulumi(account, stack, ...UP));
    };
    evidence.add(`first up of ${stack}`, "s", [await seconds(first)]);
    if (peaks !== undefined) addPeaks(evidence, `first up of ${stack}`, [peaks]);

    const again = (...args: string[]) => repeat(runs, () => seconds(() => pulumi(account, stack, ...args, NO_CHANGES)));
    evidence.add(`up of ${stack}, nothing to do`, "s", await again(...UP));
    evidence.add(`preview of ${stack}, nothing to do`, "s", await again("preview"));
    evidence.add(`state of ${stack}`, "bytes", [stateBytes(stack)]);
}

function addPeaks(evidence: Evidence, what: string, peaks: readonly Peaks[]): void {
    for (const name of Object.keys(PROCESSES) as Process[]) {
        const values = peaks.map((one) => one[name]);
        if (Math.max(...values) > 0) evidence.add(`peak memory of the ${name}, ${what}`, "MiB", values);
    }
}

async function pulumi(account: SimulatedAccount, stack: Stack, ...args: string[]): Promise<void> {
    succeeded(`pulumi ${args.join(" ")} of ${stack}`, await account.pulumi(stack, ...args));
}

function forgetFiles(): void {
    dropFromPageCache(join(repositoryRoot, "node_modules"), cacheDir("bin", "pulumi"), cacheDir("pulumi-home"));
}

/** The account has made the data folder its own. */
function stateBytes(stack: Stack): number {
    return statSync(dataDir("state", ".pulumi", "stacks", "mlp", `${stack}.json`)).size;
}
