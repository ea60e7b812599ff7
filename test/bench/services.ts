import { join } from "node:path";

import { repositoryRoot } from "../../toolchain/paths";
import { LocalPlatform } from "../support/local-platform";
import { Evidence } from "./evidence";
import { compareControllers, PARALLELISM, STEPS } from "./pipelines";
import { withSomePlatform } from "./platform";
import { compareRegistries } from "./registry";

/** A team of the local stack, whose workflows and metrics these are. */
const NAMESPACE = "team-vision";
const CALLS = 100;
const CLIENTS = [1, 8];
const FILE = join(repositoryRoot, "docs", "evidence", "bench-services.json");

const CONDITIONS = {
    fanOut: `a workflow of ${STEPS} steps that do nothing, ${PARALLELISM} at a time; seconds from its creation to its end`,
    controllerMemory: "the most resident memory of the controller's process seen while the workflow runs",
    bareController:
        "upstream's defaults: none of our configuration, archive, archived logs, memoization and faster client",
    logMetric: `${CALLS} calls of log_metric by each client, a thread with a run of its own`,
    bareRegistry:
        "mlflow server with a PostgreSQL of its own: no accounts, workspaces and TLS, in the pod of its client",
};

/**
 * What pipelines and model registry cost beside the bare programs that they are made of, on one cluster in one run. All that
 * it makes goes again but one thing: Argo's archive and the team's bucket keep its workflows and their logs as everybody's.
 */
export async function benchServices(runs: number): Promise<void> {
    const evidence = new Evidence(FILE, CONDITIONS);
    await withSomePlatform(async () => compareServices(await LocalPlatform.find(), evidence, runs));
    evidence.complete();
}

async function compareServices(platform: LocalPlatform, evidence: Evidence, runs: number): Promise<void> {
    const ways = ["platform", "bare"] as const;
    const registries = await compareRegistries(platform, {
        namespace: NAMESPACE,
        calls: CALLS,
        clients: CLIENTS,
        runs,
    });
    for (const { clients, ...values } of registries) {
        const name = (way: string) => `log-metric, ${clients} at a time: ${way}`;
        for (const way of ways) evidence.add(name(way), "calls/s", values[way]);
        evidence.addRatio(name("platform"), name("bare"));
    }

    const controllers = await compareControllers(platform, NAMESPACE, runs);
    const seconds = (way: string) => `fan-out: ${way}`;
    const memory = (way: string) => `controller's memory: ${way}`;
    for (const way of ways) evidence.add(seconds(way), "s", controllers[way].seconds);
    for (const way of ways) evidence.add(memory(way), "MiB", controllers[way].memory);
    evidence.addRatio(seconds("platform"), seconds("bare"));
    evidence.addRatio(memory("platform"), memory("bare"));
}
