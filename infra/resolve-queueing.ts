import { GpuPool } from "../components/contracts";
import { Problem } from "../components/problems";
import type { GpuShare } from "../components/queueing/args";
import { QueueingTeam, resolveQueueing } from "../components/queueing/resolve";
import { checked, Checked } from "./checked";
import type { PlatformConfig } from "./config";
import { ENVIRONMENTS } from "./environments";
import { QueueingSpec, ROOT } from "./spec";

type Team = PlatformConfig["teams"][number];

/**
 * Divides the cluster's GPUs among the teams; nothing where queueing is off. Pure.
 *
 * @param pools absent where they are wrong themselves
 */
export function queueingOf(
    { queueing, environment, layer, teams }: PlatformConfig,
    pools: readonly GpuPool[] | undefined,
    poolsPath: string,
): Checked<QueueingSpec | undefined> {
    if (!queueing.enabled || layer === "cluster" || pools === undefined) {
        const problems = queueing.enabled ? [] : teams.flatMap(withoutQueues);
        return problems.length > 0 ? { ok: false, problems } : { ok: true, value: undefined, problems: [] };
    }
    const problems = teams.flatMap((team, index) => formProblems(team, index, pools));
    const plan = checked(() => resolveQueueing({ gpuPools: pools, teams: teams.map(queueingTeam) }, ROOT, poolsPath));
    if (!plan.ok || problems.length > 0) return { ok: false, problems: [...problems, ...plan.problems] };
    const { replicas = ENVIRONMENTS[environment].replicas, podsReadyMinutes } = queueing;
    const value = { ...plan.value, replicas, ...(podsReadyMinutes !== undefined && { podsReadyMinutes }) };
    return { ok: true, value, problems: [] };
}

function queueingTeam({ name, gpus }: Team, index: number): QueueingTeam {
    if (gpus === undefined) return { name };
    const at = `${ROOT}.teams[${index}].gpus`;
    const { nominal, pools = {}, ...limits } = gpus;
    const only: GpuShare[] = nominal === undefined ? [] : [{ nominal, ...limits }];
    const named = Object.entries(pools).map(([pool, share]): GpuShare => ({ pool, ...share }));
    const paths = [...only.map(() => at), ...Object.keys(pools).map((pool) => `${at}.pools.${pool}`)];
    return { name, gpus: [...only, ...named], shareAt: (share) => paths[share] ?? at };
}

/** What only the stack file can have wrong: the two ways to say it. */
function formProblems({ gpus, quota }: Team, index: number, pools: readonly GpuPool[]): Problem[] {
    const at = `${ROOT}.teams[${index}]`;
    const problems: Problem[] = [];
    if (quota?.gpus !== undefined) {
        problems.push({
            path: `${at}.quota.gpus`,
            found: quota.gpus,
            allowed: "left out with queueing: the quota is what the team has and may borrow",
            fix: "Say it under the team's gpus: nominal, borrow, lend.",
        });
    }
    if (gpus !== undefined && (gpus.nominal === undefined) === (gpus.pools === undefined)) {
        problems.push({
            path: `${at}.gpus`,
            found: Object.keys(gpus),
            allowed: `either nominal, or pools with ${pools.map(({ name }) => name).join(", ") || "no pool at all"}`,
            fix: "Give one of the two.",
        });
    }
    return problems;
}

function withoutQueues({ gpus }: Team, index: number): Problem[] {
    if (gpus === undefined) return [];
    return [
        {
            path: `${ROOT}.teams[${index}].gpus`,
            found: gpus,
            allowed: "left out where queueing.enabled is false: nothing would hold anybody to it",
            fix: "Set queueing.enabled, or limit the team by quota.gpus.",
        },
    ];
}
