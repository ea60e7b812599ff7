import { ImageSource, ObjectStoreKind } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { amountOf } from "./quantities";
import { networkProblems } from "./resolve-network";
import { ContainerDefaults, TeamMembers, TeamNetwork, TeamQuota } from "./args";

/** Every limit of a team. */
export interface QuotaSpec {
    readonly cpu: string;
    readonly memory: string;
    readonly memoryLimit: string;
    readonly gpus: Readonly<Record<string, number>>;
    readonly pods: number;
    readonly storage: string;
    readonly volumes: number;
    readonly objects: Readonly<Record<string, number>>;
}

export interface TeamSpec {
    readonly namespace: string;
    readonly objectPrefix: string;
    readonly quota: QuotaSpec;
    readonly containers: { readonly cpu: string; readonly memory: string; readonly memoryLimit: string };
    readonly users: readonly string[];
    readonly groups: readonly string[];
    readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
    readonly network: {
        readonly internet: boolean;
        readonly apiServer: readonly string[];
        readonly ranges: readonly string[];
    };
}

/** What can be checked before anything is registered. */
export interface TeamConfig {
    name: string;
    images: ImageSource;
    store: { kind: ObjectStoreKind };
    quota?: TeamQuota;
    containers?: ContainerDefaults;
    members?: TeamMembers;
    admins?: TeamMembers;
    network?: TeamNetwork;
}

/**
 * Objects of one kind at most: enough for a busy team, far from what slows the API server down for everybody. Only
 * built-in kinds: one whose CustomResourceDefinition is younger than the quota would be refused for minutes, with
 * "status unknown for quota". Pods bound what workflows and TrainJobs take.
 */
const OBJECTS: Readonly<Record<string, number>> = { configmaps: 500, secrets: 200, services: 100, "jobs.batch": 500 };

/**
 * Fills the defaults in and checks everything that the API server would refuse halfway, or that would let a team start
 * no pod. Pure.
 *
 * @throws InvalidConfiguration with every problem at once.
 */
export function resolveTeam(args: TeamConfig, path: string): TeamSpec {
    const quota = quotaOf(args.quota ?? {});
    const containers = { cpu: "100m", memory: "256Mi", memoryLimit: "1Gi", ...args.containers };
    const { users = [], groups = [] } = args.members ?? {};
    const admins = { users: [], groups: [], ...args.admins };
    const network = { internet: true, apiServer: [], ranges: [], ...args.network };
    const problems = [
        ...nameProblems(args.name, `${path}.name`),
        ...quotaProblems(quota, `${path}.quota`),
        ...containerProblems(containers, quota, path),
        ...memberProblems(users, `${path}.members.users`),
        ...memberProblems(groups, `${path}.members.groups`),
        ...memberProblems(admins.users, `${path}.admins.users`),
        ...memberProblems(admins.groups, `${path}.admins.groups`),
        ...networkProblems(network, args.store.kind, `${path}.network`),
    ];
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    const namespace = `team-${args.name}`;
    const objectPrefix = `${namespace}/`;
    return Object.freeze({ namespace, objectPrefix, quota, containers, users, groups, admins, network });
}

function quotaOf({ objects, ...quota }: TeamQuota): QuotaSpec {
    const memory = quota.memory ?? "64Gi";
    return {
        cpu: "16",
        memory,
        memoryLimit: quota.memoryLimit ?? doubled(memory),
        gpus: { "nvidia.com/gpu": 4 },
        pods: 100,
        storage: "200Gi",
        volumes: 20,
        ...quota,
        objects: { ...OBJECTS, ...objects },
    };
}

/** The same unit, twice as much; left as it is where it is no quantity, to be complained of once. */
function doubled(quantity: string): string {
    return amountOf(quantity) === undefined
        ? quantity
        : quantity.replace(/^\d+(\.\d+)?/, (digits) => String(2 * Number(digits)));
}

/** Names made of it, such as those of roles on AWS, must stay below 64 characters. */
const LONGEST = 40;
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** What would pass for the platform's own. */
const RESERVED = /^(all|admin|default|platform|system|kube|mlp|none|team)$|^(kube|mlp)-/;

function nameProblems(name: string, path: string): Problem[] {
    if (!NAME.test(name) || name.length > LONGEST) {
        const allowed = `1 to ${LONGEST} lower-case letters, digits and dashes, a letter first, no dash at the end`;
        return [{ path, found: name, allowed, fix: "Give the team another name." }];
    }
    if (!RESERVED.test(name)) return [];
    const allowed = "no word of the system, such as default, or with kube- or mlp- in front";
    return [{ path, found: name, allowed, fix: "Give the team a name that nobody takes for the platform's own." }];
}

/** Extended resources have a domain that is not Kubernetes' own. */
const EXTENDED =
    /^(?!([a-z0-9.-]+\.)?kubernetes\.io\/)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;
/** As `count/…` takes them: the plural, and the group unless it is the core one. */
const COUNTED = /^[a-z]+(\.[a-z0-9.-]+[a-z0-9])?$/;

function quotaProblems(quota: QuotaSpec, path: string): Problem[] {
    const { memory, memoryLimit, gpus, objects } = quota;
    return [
        ...(["cpu", "memory", "memoryLimit", "storage"] as const).flatMap((field) =>
            quantityProblems(quota[field], `${path}.${field}`),
        ),
        ...countProblems(quota.pods, `${path}.pods`, 1),
        ...countProblems(quota.volumes, `${path}.volumes`, 0),
        ...namedCounts(gpus, `${path}.gpus`, EXTENDED, "an extended resource, such as nvidia.com/gpu"),
        ...namedCounts(objects, `${path}.objects`, COUNTED, "a plural with its group, such as jobs.batch"),
        ...notBelow(memoryLimit, memory, `${path}.memoryLimit`, "quota.memory, what the pods may request"),
    ];
}

type Containers = TeamSpec["containers"];

function containerProblems(containers: Containers, quota: QuotaSpec, path: string): Problem[] {
    const { cpu, memory, memoryLimit } = containers;
    const at = (field: keyof Containers) => `${path}.containers.${field}`;
    return [
        ...(["cpu", "memory", "memoryLimit"] as const).flatMap((field) =>
            quantityProblems(containers[field], at(field)),
        ),
        ...notBelow(memoryLimit, memory, at("memoryLimit"), "containers.memory, what such a container requests"),
        ...notBelow(quota.cpu, cpu, `${path}.quota.cpu`, "containers.cpu, or no container without a request starts"),
        ...notBelow(quota.memory, memory, `${path}.quota.memory`, "containers.memory, for the same reason"),
        ...notBelow(quota.memoryLimit, memoryLimit, `${path}.quota.memoryLimit`, "containers.memoryLimit"),
    ];
}

function quantityProblems(found: string, path: string): Problem[] {
    if ((amountOf(found) ?? 0) > 0) return [];
    return [{ path, found, allowed: "a Kubernetes quantity above 0, such as 500m, 16 or 64Gi", fix: "Correct it." }];
}

function countProblems(found: number, path: string, least: number): Problem[] {
    if (Number.isInteger(found) && found >= least) return [];
    return [{ path, found, allowed: `a whole number from ${least} on`, fix: "Correct it." }];
}

function namedCounts(
    counts: Readonly<Record<string, number>>,
    path: string,
    pattern: RegExp,
    allowed: string,
): Problem[] {
    return Object.entries(counts).flatMap(([name, count]) => [
        ...(pattern.test(name) ? [] : [{ path: `${path}.${name}`, found: name, allowed, fix: "Correct the name." }]),
        ...countProblems(count, `${path}.${name}`, 0),
    ]);
}

/** What is no quantity has been complained of already. */
function notBelow(found: string, least: string, path: string, what: string): Problem[] {
    const [amount, minimum] = [amountOf(found), amountOf(least)];
    if (amount === undefined || minimum === undefined || amount >= minimum) return [];
    return [{ path, found, allowed: `at least ${least}: ${what}`, fix: "Raise it, or lower the other." }];
}

function memberProblems(members: readonly string[], path: string): Problem[] {
    return members.flatMap((found, index) => {
        const at = `${path}[${index}]`;
        if (found.trim() !== found || found === "") {
            return [{ path: at, found, allowed: "a name, with no space around it", fix: "Correct it or take it out." }];
        }
        if (found.startsWith("system:")) {
            const allowed = "names that do not begin with system:, which are everybody or the cluster itself";
            return [{ path: at, found, allowed, fix: "Name the team's own users or groups." }];
        }
        if (members.indexOf(found) < index) {
            return [{ path: at, found, allowed: "each at most once", fix: "Take the repetition out." }];
        }
        return [];
    });
}
