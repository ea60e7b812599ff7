import { GpuPool, ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import type { GpuShare } from "./args";

/** What a team may use of one pool, with every default filled in. */
export interface PoolShare {
    readonly pool: string;
    readonly nominal: number;
    readonly borrow: number;
    readonly lend: number;
}

/** A team as the division of the pools sees it. */
export interface QueueingTeam {
    readonly name: string;
    /** Default: an equal part of what others leave, and all the rest to borrow. */
    readonly gpus?: readonly GpuShare[];
    /** How problems name one of its shares. Default: by its place below the caller's path. */
    readonly shareAt?: (index: number) => string;
}

/** How the GPUs of the cluster are divided. */
export interface QueueingPlan {
    /** By the team's name, one entry for each pool. */
    readonly shares: Readonly<Record<string, readonly PoolShare[]>>;
    /** GPUs of each pool that are nobody's: whoever comes first borrows them. */
    readonly shared: Readonly<Record<string, number>>;
}

/** ResourceFlavor of cores, memory and pods. */
export const CPU_FLAVOR = "cpu";

/** What one node of a pool offers. */
export function unitsPerNode({ gpusPerNode, timeSlices = 1, allocatable }: GpuPool): number {
    return allocatable ?? gpusPerNode * timeSlices;
}

/** What a pool offers at its largest. */
export function unitsOf(pool: GpuPool): number {
    return unitsPerNode(pool) * pool.maxNodes;
}

/**
 * Divides the GPUs of the pools among the teams. Pure.
 *
 * @throws InvalidConfiguration with every share that its pool cannot give, and every unknown pool, at once.
 */
export function resolveQueueing(
    { gpuPools, teams }: { gpuPools: readonly GpuPool[]; teams: readonly QueueingTeam[] },
    path: string,
    poolsPath = `${path}.gpuPools`,
): QueueingPlan {
    const problems = [
        ...poolProblems(gpuPools, poolsPath),
        ...teams.flatMap(({ gpus = [], shareAt = (at) => `${path}.teams[${index}].gpus[${at}]` }, index) =>
            shareProblems(gpus, gpuPools, shareAt),
        ),
        ...gpuPools.flatMap((pool) => sumProblems(pool, gpuPools, teams, path)),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);

    const divided = gpuPools.map((pool) => ({ pool, ...divide(pool, gpuPools, teams) }));
    const sharesOf = (team: string): PoolShare[] =>
        divided.map(({ pool, shares }) => ({ pool: pool.name, ...(shares[team] ?? NOTHING) }));
    return {
        shares: Object.fromEntries(teams.map(({ name }) => [name, sharesOf(name)])),
        shared: Object.fromEntries(divided.map(({ pool, left }) => [pool.name, left])),
    };
}

const NOTHING = { nominal: 0, borrow: 0, lend: 0 };

/** Those who say nothing get equal parts of what the others leave; a remainder is nobody's. */
function divide(pool: GpuPool, pools: readonly GpuPool[], teams: readonly QueueingTeam[]) {
    const total = unitsOf(pool);
    const given = sumOf(pool, pools, teams);
    const silent = teams.filter(({ gpus }) => gpus === undefined);
    const part = silent.length === 0 ? 0 : Math.floor((total - given) / silent.length);
    const shares = teams.map(({ name, gpus }) => {
        const share = gpus === undefined ? { nominal: part } : shareIn(pool, pools, gpus);
        return [name, share === undefined ? NOTHING : withDefaults(share, total)] as const;
    });
    return { shares: Object.fromEntries(shares), left: total - given - part * silent.length };
}

/** Fills in: everything of the pool may be borrowed, and everything of one's own is lent while it is idle. */
export function withDefaults({ nominal, borrow, lend }: Omit<GpuShare, "pool">, total: number) {
    return { nominal, borrow: borrow ?? Math.max(0, total - nominal), lend: lend ?? nominal };
}

function sumOf(pool: GpuPool, pools: readonly GpuPool[], teams: readonly QueueingTeam[]): number {
    return teams.reduce((sum, { gpus = [] }) => sum + (shareIn(pool, pools, gpus)?.nominal ?? 0), 0);
}

/** A share that names no pool is one of the only pool. */
function shareIn({ name }: GpuPool, pools: readonly GpuPool[], shares: readonly GpuShare[]): GpuShare | undefined {
    return shares.find(({ pool }) => pool === name || (pool === undefined && pools.length === 1));
}

/** Pods find the pool of their quota by its labels. */
function poolProblems(pools: readonly GpuPool[], path: string): Problem[] {
    return pools.flatMap(({ name, resource, nodeLabels }, index): Problem[] => {
        if (name === CPU_FLAVOR) {
            const allowed = `a name other than ${CPU_FLAVOR}: so the queues call what is no GPU`;
            return [{ path: `${path}[${index}].name`, found: name, allowed, fix: "Rename the pool." }];
        }
        const rivals = pools.filter((other) => other.name !== name && other.resource === resource);
        const labels = Object.entries(nodeLabels);
        const apart = (other: GpuPool) => labels.some(([label, value]) => (other.nodeLabels[label] ?? value) !== value);
        if (rivals.every((other) => labels.length > 0 && apart(other))) return [];
        return [
            {
                path: `${path}[${index}].nodeLabels`,
                found: nodeLabels,
                allowed: `labels that tell it from the other pools of ${resource}`,
                fix: "Give the nodes of each pool a label with a value of its own, and name it here.",
            },
        ];
    });
}

/** What is wrong with the shares of one team, whatever the others have. */
export function shareProblems(
    shares: readonly GpuShare[],
    pools: readonly GpuPool[],
    shareAt: (index: number) => string,
): Problem[] {
    const names = pools.map(({ name }) => name);
    return shares.flatMap((share, index) => {
        const at = shareAt(index);
        const pool = pools.find((one) => shareIn(one, pools, [share]) !== undefined);
        const repeated = shares.findIndex((other) => other.pool === share.pool) !== index;
        if (pool === undefined || repeated) {
            const allowed = `each of ${names.join(", ") || "no pools: the cluster has no GPUs"} at most once`;
            const fix = "Name a pool of the cluster, or take the share out.";
            return [{ path: `${at}.pool`, found: share.pool, allowed, fix }];
        }
        return amountProblems(share, pool, at);
    });
}

function amountProblems({ nominal, borrow, lend }: GpuShare, pool: GpuPool, at: string): Problem[] {
    const total = unitsOf(pool);
    const within = (key: string, found: number | undefined, most: number, what: string): Problem[] =>
        found === undefined || (Number.isInteger(found) && found >= 0 && found <= most)
            ? []
            : [
                  {
                      path: `${at}.${key}`,
                      found,
                      allowed: `a whole number from 0 to ${most}: ${what}`,
                      fix: `Lower it, or enlarge pool ${pool.name} under cluster.gpuPools.`,
                  },
              ];
    const holds = `pool ${pool.name} holds ${pool.maxNodes} × ${unitsPerNode(pool)} of ${pool.resource}`;
    const nominals = within("nominal", nominal, total, holds);
    if (nominals.length > 0) return nominals;
    return [
        ...within("borrow", borrow, total - nominal, `${holds}, of which ${nominal} are the team's own`),
        ...within("lend", lend, nominal, "what the team has of its own"),
    ];
}

function sumProblems(
    pool: GpuPool,
    pools: readonly GpuPool[],
    teams: readonly QueueingTeam[],
    path: string,
): Problem[] {
    const total = unitsOf(pool);
    const given = teams.flatMap(({ name, gpus = [] }) => {
        const nominal = shareIn(pool, pools, gpus)?.nominal ?? 0;
        return nominal > 0 ? [{ name, nominal }] : [];
    });
    // One that exceeds the pool alone has been complained of.
    const sum = given.reduce((all, { nominal }) => all + nominal, 0);
    if (sum <= total || given.some(({ nominal }) => nominal > total)) return [];
    return [
        {
            path: `${path}.teams`,
            found: given.map(({ name, nominal }) => `${name}: ${nominal}`),
            allowed: `together no more than pool ${pool.name} holds, ${total} of ${pool.resource}`,
            fix: "Lower gpus.nominal of a team and let it borrow, or enlarge the pool under cluster.gpuPools.",
        },
    ];
}

export interface QueueingSpec {
    readonly image: string;
    readonly replicas: number;
    readonly podsReadyMinutes: number;
    readonly keepHours: number;
}

/**
 * Looks the image up and fills the defaults in. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolveController(
    args: {
        images: ImageSource;
        gpuPools: readonly GpuPool[];
        replicas?: number;
        podsReadyMinutes?: number;
        keepHours?: number;
    },
    path: string,
): QueueingSpec {
    const spec = { replicas: 1, podsReadyMinutes: 30, keepHours: 168, ...args };
    const image = args.images.references.kueue;
    const counts = (["replicas", "podsReadyMinutes", "keepHours"] as const).filter(
        (key) => !Number.isInteger(spec[key]) || spec[key] < 1,
    );
    const problems = [
        ...(image === undefined ? [unknownImage(args.images, "kueue", `${path}.images`)] : []),
        ...poolProblems(args.gpuPools, `${path}.gpuPools`),
        ...counts.map((key) => ({
            path: `${path}.${key}`,
            found: spec[key],
            allowed: "a whole number from 1 on",
            fix: "Correct it, or leave it out.",
        })),
    ];
    if (image === undefined || problems.length > 0) throw new InvalidConfiguration(problems);
    const { replicas, podsReadyMinutes, keepHours } = spec;
    return Object.freeze({ image, replicas, podsReadyMinutes, keepHours });
}

/**
 * The shares of one team, with every default filled in. Pure.
 *
 * @throws InvalidConfiguration with every share that its pool cannot give at once.
 */
export function resolveTeamQueue(
    { gpuPools, gpus = [] }: { gpuPools: readonly GpuPool[]; gpus?: readonly GpuShare[] },
    path: string,
): readonly PoolShare[] {
    const problems = shareProblems(gpus, gpuPools, (index) => `${path}.gpus[${index}]`);
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return gpuPools.map((pool) => {
        const share = shareIn(pool, gpuPools, gpus);
        return { pool: pool.name, ...(share === undefined ? NOTHING : withDefaults(share, unitsOf(pool))) };
    });
}
