/** How a cluster is brought up and ended, whatever nodes it has and wherever its state lies. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { bundlePrograms } from "./bundle";
import { callKeeper, KeeperStatus } from "./control";
import { bringUp, fingerprintOf, launchKeeper, untilGone } from "./launch";
import { HostLayout } from "./layout";
import { lastLines } from "./process";
import { ClusterError, ClusterProfile } from "./types";

/** Brings it up or finds it running; restarts one whose programs or port differ. */
export async function run(
    layout: HostLayout,
    profile: ClusterProfile,
    apiPort: number,
    progress: (line: string) => void,
): Promise<{ status: KeeperStatus; launched: boolean }> {
    const { binaries } = profile;
    const networkPolicies = profile.nodes === "real" && profile.networkPolicies === true;
    const fingerprint = fingerprintOf({
        binaries,
        apiPort,
        program: bundlePrograms(layout).digest,
        ...(networkPolicies && { networkPolicies }),
    });
    const found = await callKeeper(layout, "status");
    if (found?.result.phase === "running" && found.result.fingerprint !== fingerprint) {
        progress("restarting the cluster: its programs or its port changed");
        await end(layout, { purge: false });
    }
    return bringUp(layout, { profile, apiPort, fingerprint }, progress);
}

/** Ends it, and clears away what a killed keeper left; its data stay unless they are purged. */
export async function end(layout: HostLayout, { purge }: { readonly purge: boolean }): Promise<void> {
    await callKeeper(layout, "stop", { purge });
    await untilGone(layout);
    if (!existsSync(layout.root)) return;
    const leftovers = existsSync(join(layout.run, "cgroups.json"));
    if (!purge && !leftovers) return;
    // A keeper was killed, or the cluster was stopped before: the next holder of the lock clears away.
    const ended = await launchKeeper(layout, { mode: "sweep", purge }).ended;
    if (ended !== "done")
        throw new ClusterError(`Clearing away failed: ${lastLines(join(layout.logs, "keeper.log"), 1)}`);
}
