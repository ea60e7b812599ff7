import * as pulumi from "@pulumi/pulumi";

import { gpuLimits, Queueing, TeamQueue } from "../components/queueing";
import { resolveTeam, TeamArgs, TeamQuota } from "../components/tenancy";
import type { ServicesFooting } from "./platform-services";
import type { QueueingSpec } from "./spec";

/** What a team gets of the queues. */
export interface QueuePlace {
    readonly clusterQueue: pulumi.Output<string>;
    /** Its namespace never has more GPUs than its queue gives it. */
    readonly quota: TeamQuota;
    readonly resource: pulumi.Resource;
}

/** Installs Kueue, and gives each team that asks a queue with its part of the GPUs. */
export function buildQueueing(
    { shares, shared, replicas, podsReadyMinutes }: QueueingSpec,
    { images, protect, opts, gpuPools: pools }: ServicesFooting,
): (team: TeamArgs) => QueuePlace {
    const gpuPools = [...pools];
    const queueing = new Queueing(
        "queueing",
        {
            images,
            gpuPools,
            sharedGpus: { ...shared },
            replicas,
            protectCrds: protect,
            ...(podsReadyMinutes !== undefined && { podsReadyMinutes }),
        },
        opts,
    );
    return (team) => {
        const gpus = (shares[team.name] ?? []).map((share) => ({ ...share }));
        const quota = { ...team.quota, gpus: gpuLimits(gpuPools, gpus) };
        const { cpu, memory, pods } = resolveTeam({ ...team, quota }, `team-${team.name}`).quota;
        const resource = new TeamQueue(
            `queue-${team.name}`,
            { team: team.name, gpuPools, gpus, cpu, memory, pods },
            { ...opts, dependsOn: queueing },
        );
        return { clusterQueue: resource.clusterQueue, quota, resource };
    };
}
