import { ElasticCapacity, ElasticPool, ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { KARPENTER } from "./controller";
import { DEFAULT_LIFETIME_OF_NODES, NodeLifetime } from "./node-pool";

export interface KarpenterSpec {
    readonly image: string;
    readonly replicas: number;
    readonly isolated: boolean;
    readonly lifetime: NodeLifetime;
}

const CAPACITIES = ["on-demand", "spot", "reserved"];
const ARCHITECTURES = ["amd64", "arm64"];
const DURATION = /^([0-9]+[smh])+$/;
/** Never `latest`: a new image would replace nodes on a day that nobody chose. */
const AMI_ALIAS = /^(al2023|bottlerocket)@v[0-9][0-9.]*$/;

interface Arguments {
    readonly capacity: Pick<ElasticCapacity, "subnets" | "pools">;
    readonly images: ImageSource;
    readonly replicas?: number;
    readonly isolated?: boolean;
    readonly emptyFor?: string;
}

/**
 * Fills every default in and checks the pools against one another and the network. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong.
 */
export function resolveKarpenter(args: Arguments, path: string): KarpenterSpec {
    const image = args.images.references[KARPENTER];
    const replicas = args.replicas ?? 2;
    const lifetime = { ...DEFAULT_LIFETIME_OF_NODES, ...(args.emptyFor !== undefined && { emptyFor: args.emptyFor }) };
    const problems: Problem[] = args.capacity.pools.flatMap((pool, index, pools) => {
        const where = `${path}.capacity.pools[${index}]`;
        const repeated = pools.findIndex(({ name }) => name === pool.name) < index;
        return [
            ...problemsOf(pool, Object.keys(args.capacity.subnets), where),
            ...(repeated ? [problem(`${where}.name`, pool.name, "each name once", "Rename a pool.")] : []),
        ];
    });
    if (image === undefined) problems.push(unknownImage(args.images, KARPENTER, `${path}.images`));
    if (!isWhole(replicas, 1)) {
        const fix = "Take 2; 1 where the system pool has a single node.";
        problems.push(problem(`${path}.replicas`, replicas, "a whole number from 1 on", fix));
    }
    if (!DURATION.test(lifetime.emptyFor)) {
        problems.push(problem(`${path}.emptyFor`, lifetime.emptyFor, "a duration such as 10m or 1h30m", "Correct it."));
    }
    if (problems.length > 0 || image === undefined) throw new InvalidConfiguration(problems);
    return Object.freeze({ image, replicas, isolated: args.isolated ?? false, lifetime });
}

function problemsOf(pool: ElasticPool, zones: readonly string[], path: string): Problem[] {
    const wrong = (holds: boolean, field: keyof ElasticPool, allowed: string, fix: string): Problem[] =>
        holds ? [] : [problem(`${path}.${field}`, pool[field] ?? null, allowed, fix)];
    const reserved = pool.capacity === "reserved";
    return [
        ...wrong(pool.instanceTypes.length > 0, "instanceTypes", "one EC2 type or more", "Name a type."),
        ...wrong(CAPACITIES.includes(pool.capacity), "capacity", CAPACITIES.join(", "), "Name one of them."),
        ...wrong(
            ARCHITECTURES.includes(pool.architecture),
            "architecture",
            ARCHITECTURES.join(", "),
            "Name one of them.",
        ),
        ...wrong(
            reserved === (pool.reservationId !== undefined),
            "reservationId",
            reserved
                ? "the id of a capacity reservation, for reserved capacity"
                : "nothing unless capacity is reserved",
            reserved ? "Name the reservation." : "Take it out, or set capacity to reserved.",
        ),
        ...wrong(isWhole(pool.max, 1), "max", "a whole number from 1 on", "Take the pool out to have no nodes."),
        ...wrong(isWhole(pool.gpusPerNode, 1), "gpusPerNode", "a whole number from 1 on", "Correct the number."),
        ...wrong(isWhole(pool.timeSlices ?? 1, 1), "timeSlices", "a whole number from 1 on", "Correct the number."),
        ...wrong(isWhole(pool.maxPods ?? 1, 1), "maxPods", "a whole number from 1 on", "Correct the number."),
        ...wrong(isWhole(pool.diskGiB, 1), "diskGiB", "whole GiB from 1 on", "Correct the number."),
        ...wrong(
            pool.zones.length > 0 && pool.zones.every((zone) => zones.includes(zone)),
            "zones",
            `zones with a subnet: ${zones.join(", ")}`,
            "Name zones of the network.",
        ),
        ...wrong(
            !pool.efa || pool.zones.length === 1,
            "zones",
            "exactly one zone with EFA: a cluster placement group lies in one",
            "Name the zone that has the capacity.",
        ),
        ...wrong(
            AMI_ALIAS.test(pool.amiAlias),
            "amiAlias",
            "al2023@v… or bottlerocket@v… with a version",
            "Pin the image's version.",
        ),
    ];
}

function isWhole(value: number, least: number): boolean {
    return Number.isInteger(value) && value >= least;
}

function problem(path: string, found: unknown, allowed: string, fix: string): Problem {
    return { path, found, allowed, fix };
}
