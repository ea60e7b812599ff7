import { GpuPool } from "../contracts";
import { CPU_FLAVOR, PoolShare } from "./resolve";

/** Quota of one resource of one flavor, as ClusterQueue and Cohort want it. */
interface ResourceQuota {
    readonly name: string;
    readonly nominalQuota: string;
    readonly borrowingLimit?: string;
    readonly lendingLimit?: string;
}

interface ResourceGroup {
    readonly coveredResources: readonly string[];
    readonly flavors: readonly { readonly name: string; readonly resources: readonly ResourceQuota[] }[];
}

/** What the pods of a team may request together, besides GPUs. */
export interface TeamLimits {
    readonly cpu: string;
    readonly memory: string;
    readonly pods: number;
}

/** A team's quota: cores, memory and pods are those of its namespace, GPUs its part of each pool. */
export function teamGroups(
    { cpu, memory, pods }: TeamLimits,
    pools: readonly GpuPool[],
    shares: readonly PoolShare[],
): ResourceGroup[] {
    // The namespace's ResourceQuota would refuse what is borrowed, and half of a gang with it.
    const ofNamespace = (name: string, nominalQuota: string) => ({
        name,
        nominalQuota,
        borrowingLimit: "0",
        lendingLimit: "0",
    });
    const rest: ResourceGroup = {
        coveredResources: ["cpu", "memory", "pods"],
        flavors: [
            {
                name: CPU_FLAVOR,
                resources: [ofNamespace("cpu", cpu), ofNamespace("memory", memory), ofNamespace("pods", String(pods))],
            },
        ],
    };
    const gpus = groupsOf(pools, ({ name, resource }) => {
        const share = shares.find(({ pool }) => pool === name);
        if (share === undefined || share.nominal + share.borrow === 0) return undefined;
        return {
            name: resource,
            nominalQuota: String(share.nominal),
            borrowingLimit: String(share.borrow),
            lendingLimit: String(share.lend),
        };
    });
    return [rest, ...gpus];
}

/** GPUs of each pool that belong to no team. */
export function sharedGroups(pools: readonly GpuPool[], shared: { readonly [pool: string]: number }): ResourceGroup[] {
    return groupsOf(pools, ({ name, resource }) => {
        const nominal = shared[name] ?? 0;
        return nominal === 0 ? undefined : { name: resource, nominalQuota: String(nominal) };
    });
}

/** One group for each kind of GPU: jobs may get it from any of the pools in it, the first that fits. */
function groupsOf(pools: readonly GpuPool[], quotaOf: (pool: GpuPool) => ResourceQuota | undefined): ResourceGroup[] {
    return kindsOf(pools).flatMap((resource) => {
        const flavors = pools
            .filter((pool) => pool.resource === resource)
            .flatMap((pool) => {
                const quota = quotaOf(pool);
                return quota === undefined ? [] : [{ name: pool.name, resources: [quota] }];
            });
        return flavors.length === 0 ? [] : [{ coveredResources: [resource], flavors }];
    });
}

/** The resources that pools offer, each once. */
export function kindsOf(pools: readonly GpuPool[]): string[] {
    return [...new Set(pools.map(({ resource }) => resource))];
}

/** GPUs of each kind that the pods of a team may have at a time: its own and borrowed ones. */
export function gpuLimits(pools: readonly GpuPool[], shares: readonly PoolShare[]): { [resource: string]: number } {
    const limitOf = (resource: string): number =>
        pools
            .filter((pool) => pool.resource === resource)
            .map(({ name }) => shares.find(({ pool }) => pool === name))
            .reduce((sum, share) => sum + (share === undefined ? 0 : share.nominal + share.borrow), 0);
    return Object.fromEntries(kindsOf(pools).map((resource) => [resource, limitOf(resource)]));
}
