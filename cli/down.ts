import { clusterStatus, stopCluster } from "../toolchain/cluster";
import { progressOn } from "../toolchain/progress";
import { rmSync } from "node:fs";
import { dataDir } from "../toolchain/paths";

/** Stops the embedded cluster; with `purge` its objects and volumes and the local stacks' state go as well. */
export async function down({ purge }: { readonly purge: boolean }): Promise<void> {
    const progress = progressOn();
    const before = await clusterStatus();
    const step = progress.start("embedded cluster");
    step.waiting("ending every process");
    await stopCluster({ purge });
    step.done(before.state === "stopped" ? "was not running" : "stopped");
    if (!purge) {
        progress.note(
            "Objects and volumes are kept: `npm run up` brings them back. `npm run down -- --purge` removes them.",
        );
        return;
    }
    // The state describes objects that are gone with the cluster.
    for (const folder of ["state", "stacks"]) rmSync(dataDir(folder), { recursive: true, force: true });
    rmSync(dataDir("passphrase"), { force: true });
    progress.note(
        "Objects, volumes and the local stacks' state are removed. The cache is kept: see docs/toolchain.md.",
    );
}
