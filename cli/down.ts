import { clusterStatus, stopCluster } from "../toolchain/cluster";
import { progressOn } from "../toolchain/progress";
import { removeEmbeddedStacks } from "./local-stacks";

/** Stops the embedded cluster; with `purge` its objects and volumes and the state of its stacks go as well. */
export async function down({ purge }: { readonly purge: boolean }): Promise<void> {
    const progress = progressOn();
    const before = await clusterStatus();
    // First the state: one that describes objects which are gone would be believed by the next `up`.
    const kept = purge ? removeEmbeddedStacks() : [];
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
    progress.note(
        "Objects, volumes and the local stacks' state are removed. The cache is kept: see docs/toolchain.md.",
    );
    if (kept.length > 0) {
        const names = kept.map(({ project, stack }) => `${project}/${stack}`).join(", ");
        progress.note(
            `Stacks of other clusters keep their state, and the passphrase stays for their secrets: ${names}.`,
        );
    }
}
