import { GpuPool, Identity, ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { NotebookCulling, NotebookLimits, NotebookProfile, NotebookTeam, NotebookVolume } from "./args";
import { defaultProfiles } from "./profiles";
import { profileProblems, wholeNumber } from "./resolve-profiles";

export const NOTEBOOKS_NAMESPACE = "mlp-notebooks";
export const HUB_PORT = 8081;
export const PROXY_PORT = 8000;
export const PROXY_API_PORT = 8001;
/** Port of a notebook. */
export const NOTEBOOK_PORT = 8888;
export const DCGM_PORT = 9400;

const IMAGES = ["jupyterhub", "configurable-http-proxy", "notebook"] as const;

/** A profile with every default filled in. */
export interface ProfileSpec {
    readonly name: string;
    readonly title: string;
    readonly cpu: string;
    readonly cpuLimit?: string;
    readonly memory: string;
    readonly memoryLimit: string;
    readonly idleSeconds: number;
    readonly gpu?: {
        readonly resource: string;
        readonly count: number;
        readonly idleSeconds: number;
        readonly nodeLabels: Readonly<Record<string, string>>;
    };
}

export interface NotebooksSpec {
    readonly images: Readonly<Record<"hub" | "proxy" | "notebook", string>>;
    readonly profiles: readonly ProfileSpec[];
    readonly limits: Readonly<Required<NotebookLimits>>;
    readonly volume: { readonly size: string; readonly storageClass?: string };
    readonly cullEverySeconds: number;
}

/** What can be wrong with the arguments, apart from what only the cluster knows. */
export interface NotebooksInput {
    readonly images: ImageSource;
    readonly identity?: Identity;
    readonly teams: readonly Omit<NotebookTeam, "tenant">[];
    readonly gpuPools?: readonly GpuPool[];
    readonly profiles?: readonly NotebookProfile[];
    readonly culling?: NotebookCulling;
    readonly limits?: NotebookLimits;
    readonly volume?: NotebookVolume;
}

/**
 * Fills the defaults in and checks profiles against pools. Pure.
 *
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolveNotebooks(args: NotebooksInput, path: string): NotebooksSpec {
    const pools = args.gpuPools ?? [];
    const profiles = args.profiles ?? defaultProfiles(pools);
    const culling = { idleSeconds: 3600, gpuIdleSeconds: 900, ...args.culling };
    const limits = {
        concurrentStarts: 20,
        startSeconds: 600,
        serversPerUser: 3,
        consecutiveFailures: 10,
        ...args.limits,
    };
    const volume = { size: "10Gi", ...args.volume };
    const problems = [
        ...IMAGES.filter((name) => args.images.references[name] === undefined).map((name) =>
            unknownImage(args.images, name, `${path}.images`),
        ),
        ...identityProblems(args.identity, `${path}.identity`),
        ...teamProblems(args.teams, `${path}.teams`),
        ...profileProblems(profiles, pools, culling, `${path}.profiles`),
        ...cullingProblems(culling, `${path}.culling`),
        ...limitProblems(limits, `${path}.limits`),
        ...volumeProblems(volume.size, `${path}.volume.size`),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    const specs = profiles.map((profile) => profileOf(profile, pools, culling));
    return Object.freeze({
        images: {
            hub: args.images.references["jupyterhub"] ?? "",
            proxy: args.images.references["configurable-http-proxy"] ?? "",
            notebook: args.images.references["notebook"] ?? "",
        },
        profiles: specs,
        limits,
        volume,
        cullEverySeconds: culling.everySeconds ?? lookEvery(specs),
    });
}

/** Often enough that a limit is overrun by a quarter at most. */
function lookEvery(profiles: readonly ProfileSpec[]): number {
    const shortest = Math.min(...profiles.map(({ idleSeconds, gpu }) => gpu?.idleSeconds ?? idleSeconds));
    return Math.max(5, Math.min(60, Math.floor(shortest / 4)));
}

function profileOf(
    profile: NotebookProfile,
    pools: readonly GpuPool[],
    culling: { readonly idleSeconds: number; readonly gpuIdleSeconds: number },
): ProfileSpec {
    const pool = pools.find(({ name }) => name === profile.gpuPool);
    const idleSeconds = profile.idleSeconds ?? culling.idleSeconds;
    return {
        name: profile.name,
        title: profile.title ?? profile.name,
        cpu: profile.cpu,
        ...(profile.cpuLimit !== undefined && { cpuLimit: profile.cpuLimit }),
        memory: profile.memory,
        memoryLimit: profile.memoryLimit ?? profile.memory,
        idleSeconds,
        ...(pool && {
            gpu: {
                resource: pool.resource,
                count: profile.gpus ?? 1,
                idleSeconds: Math.min(profile.gpuIdleSeconds ?? culling.gpuIdleSeconds, idleSeconds),
                nodeLabels: pool.nodeLabels,
            },
        }),
    };
}

function identityProblems(identity: Identity | undefined, path: string): Problem[] {
    if (identity !== undefined) return [];
    const allowed = "an identity provider: a hub without one would let anybody in as anybody";
    return [{ path, found: identity, allowed, fix: "Give an OIDC provider, or switch notebooks off." }];
}

function teamProblems(teams: NotebooksInput["teams"], path: string): Problem[] {
    if (teams.length > 0) return [];
    const fix = "Add a team, or switch notebooks off.";
    return [{ path, found: teams, allowed: "at least one team: a notebook runs in a team's namespace", fix }];
}

function cullingProblems(culling: NotebookCulling, path: string): Problem[] {
    const { idleSeconds = 0, gpuIdleSeconds = 0, everySeconds } = culling;
    return [
        ...wholeNumber(idleSeconds, 30, `${path}.idleSeconds`),
        ...wholeNumber(gpuIdleSeconds, 30, `${path}.gpuIdleSeconds`),
        ...(everySeconds === undefined ? [] : wholeNumber(everySeconds, 5, `${path}.everySeconds`)),
    ];
}

function limitProblems(limits: Required<NotebookLimits>, path: string): Problem[] {
    return [
        ...wholeNumber(limits.concurrentStarts, 1, `${path}.concurrentStarts`),
        ...wholeNumber(limits.startSeconds, 30, `${path}.startSeconds`),
        ...wholeNumber(limits.serversPerUser, 1, `${path}.serversPerUser`),
        ...wholeNumber(limits.consecutiveFailures, 0, `${path}.consecutiveFailures`),
    ];
}

function volumeProblems(found: string, path: string): Problem[] {
    if (/^[1-9]\d*([KMGTP]i?)$/.test(found)) return [];
    return [{ path, found, allowed: "a size with its unit, such as 10Gi", fix: "Correct it." }];
}
