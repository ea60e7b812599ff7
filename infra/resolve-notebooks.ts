import type { GpuPool } from "../components/contracts";
import { Problem } from "../components/problems";
import type { NotebooksInput } from "../components/notebooks";
import { profileProblems } from "../components/notebooks/resolve-profiles";
import type { PlatformConfig } from "./config";
import { ROOT } from "./spec";

/** What `Notebooks` is given of the stack file. */
export type NotebooksSpec = Required<Pick<NotebooksInput, "culling" | "limits" | "volume">> &
    Pick<NotebooksInput, "profiles">;

/** The images that notebooks run. */
export const NOTEBOOK_IMAGES = ["configurable-http-proxy", "jupyterhub", "notebook"] as const;

const CONSECUTIVE_FAILURES = 10;

/** Absent where notebooks are switched off. Pure. */
export function notebooksOf({ environment, layer, notebooks }: PlatformConfig): NotebooksSpec | undefined {
    if (!notebooks.enabled || layer === "cluster") return undefined;
    const { cull, profiles, volumeSize, concurrentStarts, serversPerUser } = notebooks;
    const startSeconds = notebooks.startSeconds ?? (environment === "local" ? 300 : 900);
    return {
        culling: { ...cull },
        limits: { concurrentStarts, startSeconds, serversPerUser, consecutiveFailures: CONSECUTIVE_FAILURES },
        volume: { size: volumeSize },
        ...(profiles && { profiles: profiles.map((each) => ({ ...each })) }),
    };
}

/** What is wrong with them. Pure. */
export function notebooksProblems(
    { gateway, layer, notebooks, teams }: PlatformConfig,
    pools: readonly GpuPool[] | undefined,
): Problem[] {
    if (!notebooks.enabled || layer === "cluster") return [];
    const { cull, profiles } = notebooks;
    const path = `${ROOT}.notebooks`;
    return [
        ...(profiles === undefined || pools === undefined
            ? []
            : profileProblems(profiles, pools, cull, `${path}.profiles`)),
        ...(teams.length > 0 ? [] : [noTeams(`${path}.enabled`)]),
        ...(gateway.enabled ? [] : [noSignIn(`${path}.enabled`)]),
        ...(cull.gpuIdleSeconds <= cull.idleSeconds ? [] : [gpuLater(cull, `${path}.cull.gpuIdleSeconds`)]),
    ];
}

function noTeams(path: string): Problem {
    const allowed = "false without a team: a notebook runs in a team's namespace";
    return { path, found: true, allowed, fix: `Add one to ${ROOT}.teams.` };
}

function noSignIn(path: string): Problem {
    const allowed = "false without gateway and identity provider: the hub would let anybody in";
    return { path, found: true, allowed, fix: `Set ${ROOT}.gateway.enabled.` };
}

function gpuLater({ idleSeconds, gpuIdleSeconds }: PlatformConfig["notebooks"]["cull"], path: string): Problem {
    const allowed = `at most ${idleSeconds}, after which a notebook is stopped anyway`;
    return { path, found: gpuIdleSeconds, allowed, fix: "Lower it." };
}
