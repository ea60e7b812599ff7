import { Capacity, EksGpuPoolArgs, GpuAmi, Scaling, SystemPoolArgs } from "./args";
import { GPU_AMI_TYPES, SYSTEM_AMI_TYPES } from "./gpu-ami";
import { resolveGpus } from "./gpu-sharing";
import { InstanceType, instanceType, instanceTypeNames, maxPods } from "./instance-types";
import type { Checks } from "./resolve-checks";
import { resolveLabels, resolveTaints } from "./resolve-labels";
import type { PoolSpec } from "./spec";

/** EKS's quota of nodes in one group, before anybody asks for more. */
const MOST_NODES = 450;
const MOST_DISK_GIB = 16384;
const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const RESERVATION = /^cr-[0-9a-f]{8,17}$/;
/** Controllers, their replicas and the agents of every node do not fit into less. */
const LEAST_SYSTEM_MEMORY_GIB = 4;

const DEFAULT_SCALING: Readonly<Record<Capacity, Scaling>> = {
    [Capacity.OnDemand]: Scaling.Elastic,
    [Capacity.Spot]: Scaling.Elastic,
    [Capacity.Reserved]: Scaling.Fixed,
    [Capacity.CapacityBlock]: Scaling.Fixed,
};

/** What a way of buying asks for. A reservation stands in one zone and for one type. */
const IS_RESERVED: Readonly<Record<Capacity, boolean>> = {
    [Capacity.OnDemand]: false,
    [Capacity.Spot]: false,
    [Capacity.Reserved]: true,
    [Capacity.CapacityBlock]: true,
};

/** Fills the GPU pools in; a pool without a single usable instance type is left out of the result. */
export function resolveGpuPools(
    pools: readonly EksGpuPoolArgs[],
    zones: readonly string[],
    checks: Checks,
): readonly PoolSpec[] {
    checks.unique(
        pools.map(({ name }) => name),
        (index) => `gpuPools[${index}].name`,
    );
    return pools.flatMap((pool, index) => resolveGpuPool(pool, zones, checks.at(`gpuPools[${index}]`)) ?? []);
}

function resolveGpuPool(pool: EksGpuPoolArgs, all: readonly string[], checks: Checks): PoolSpec | undefined {
    checkName(pool.name, checks);
    const capacity = checks.oneOf("capacity", pool.capacity ?? Capacity.OnDemand, Object.values(Capacity));
    const ami = checks.oneOf("ami", pool.ami ?? GpuAmi.Al2023, Object.values(GpuAmi));
    const scaling = resolveScaling(pool, capacity, checks);
    const zones = resolveZones(pool, capacity, all, checks);
    checkReservation(pool, capacity, checks);
    const types = knownTypes(pool.instanceTypes, true, checks);
    checkTypes(types, capacity, checks);
    const [first] = types;
    if (first === undefined) return undefined;
    const { min, max } = resolveSize(pool.min ?? 0, pool.max, 0, checks);
    if (scaling === Scaling.Elastic && min > 0) {
        checks.wrong("min", min, "0 in an elastic pool", "Leave min out, or set scaling to fixed.");
    }
    return {
        name: pool.name,
        instanceTypes: types.map(({ name }) => name),
        capacity,
        scaling,
        zones,
        min,
        max,
        ...(pool.reservationId === undefined ? {} : { reservationId: pool.reservationId }),
        diskGiB: checks.whole("diskGiB", pool.diskGiB ?? 200, 50, MOST_DISK_GIB),
        amiType: GPU_AMI_TYPES[ami]?.[first.architecture] ?? "",
        architecture: first.architecture,
        maxPods: Math.min(...types.map(maxPods)),
        labels: resolveLabels(pool, types, checks),
        taints: resolveTaints(pool.taints ?? [], checks),
        gpu: resolveGpus(pool, types, ami, checks),
    };
}

/** Fills the pool in that carries everything without a GPU. */
export function resolveSystemPool(pool: SystemPoolArgs, zones: readonly string[], checks: Checks): PoolSpec {
    const types = knownTypes(pool.instanceTypes ?? ["m7i.large"], false, checks);
    checkSame(types, "architecture", ({ architecture }) => architecture, checks);
    types.forEach(({ name, memoryGiB }, index) => {
        if (memoryGiB < LEAST_SYSTEM_MEMORY_GIB) {
            const allowed = `types with ${LEAST_SYSTEM_MEMORY_GIB} GiB or more (this one has ${memoryGiB})`;
            checks.wrong(`instanceTypes[${index}]`, name, allowed, "Take m7i.large, t3.medium or larger.");
        }
    });
    const architecture = types[0]?.architecture ?? "amd64";
    return {
        name: SYSTEM_POOL,
        instanceTypes: types.map(({ name }) => name),
        capacity: Capacity.OnDemand,
        scaling: Scaling.Fixed,
        zones,
        ...resolveSize(pool.min ?? 2, pool.max ?? Math.max(4, pool.min ?? 2), 1, checks),
        diskGiB: checks.whole("diskGiB", pool.diskGiB ?? 60, 20, MOST_DISK_GIB),
        amiType: SYSTEM_AMI_TYPES[architecture],
        architecture,
        maxPods: Math.min(110, ...types.map(maxPods)),
        // The second label keeps Karpenter on nodes that Karpenter does not remove.
        labels: { "mlp.dev/pool": SYSTEM_POOL, "karpenter.sh/controller": "true" },
        taints: [],
    };
}

const SYSTEM_POOL = "system";

function checkName(name: string, checks: Checks): void {
    checks.matches("name", name, NAME, "1 to 40 lower-case letters, digits and dashes, a letter first");
    if (name === SYSTEM_POOL) checks.wrong("name", name, "any name but system", "Rename the pool.");
}

function resolveScaling(pool: EksGpuPoolArgs, capacity: Capacity, checks: Checks): Scaling {
    const usual = DEFAULT_SCALING[capacity] ?? Scaling.Elastic;
    const scaling = checks.oneOf("scaling", pool.scaling ?? usual, Object.values(Scaling));
    if (capacity === Capacity.CapacityBlock && scaling === Scaling.Elastic) {
        checks.wrong("scaling", scaling, "fixed for a capacity block", "A block is paid in full: leave scaling out.");
    }
    return scaling;
}

function resolveZones(
    pool: EksGpuPoolArgs,
    capacity: Capacity,
    all: readonly string[],
    checks: Checks,
): readonly string[] {
    const zones = pool.zones ?? all;
    checks.unique(zones, (index) => `zones[${index}]`);
    zones.forEach((zone, index) => {
        // Without a network there is nothing to compare with, and that is told already.
        if (all.length > 0 && !all.includes(zone)) {
            checks.wrong(`zones[${index}]`, zone, `zones of the network: ${all.join(", ")}`, "Name one of them.");
        }
    });
    if (zones.length === 0 && all.length > 0) {
        checks.wrong("zones", zones, "one zone or more", "Leave zones out for all of the network's.");
    }
    const single = IS_RESERVED[capacity] ? `${capacity} capacity stands in one zone` : "EFA reaches within one zone";
    if ((IS_RESERVED[capacity] || pool.efa) && zones.length > 1) {
        const allowed = `exactly one zone: ${single}`;
        checks.wrong("zones", pool.zones ?? null, allowed, "Name the one zone that the capacity is in.");
    }
    return zones;
}

function checkReservation({ reservationId }: EksGpuPoolArgs, capacity: Capacity, checks: Checks): void {
    if (!IS_RESERVED[capacity]) {
        if (reservationId !== undefined) {
            const allowed = `no reservation with ${capacity}`;
            checks.wrong("reservationId", reservationId, allowed, "Take it out, or set capacity to reserved.");
        }
        return;
    }
    if (reservationId === undefined || !RESERVATION.test(reservationId)) {
        const allowed = `the capacity reservation to use with ${capacity}: cr- and 8 to 17 hexadecimal digits`;
        checks.wrong("reservationId", reservationId ?? null, allowed, "Copy its id from EC2's Capacity Reservations.");
    }
}

function checkTypes(types: readonly InstanceType[], capacity: Capacity, checks: Checks): void {
    checkSame(types, "number of GPUs", ({ gpus }) => gpus, checks);
    checkSame(types, "architecture", ({ architecture }) => architecture, checks);
    if (IS_RESERVED[capacity] && types.length > 1) {
        const names = types.map(({ name }) => name);
        checks.wrong("instanceTypes", names, `one type with ${capacity}`, "Make a pool for each reservation.");
    }
    types.forEach(({ name, family }, index) => {
        if (capacity === Capacity.CapacityBlock && !family.startsWith("p")) {
            const fix = "Take a P type, or another capacity.";
            checks.wrong(`instanceTypes[${index}]`, name, "P types: AWS sells no other GPUs in capacity blocks", fix);
        }
    });
}

function resolveSize(min: number, max: number, least: number, checks: Checks): { min: number; max: number } {
    checks.whole("max", max, 1, MOST_NODES, "Correct it, or ask AWS for a higher quota and split the pool.");
    checks.whole("min", min, least, MOST_NODES);
    if (min > max) checks.wrong("min", min, `at most max, which is ${max}`, "Lower min or raise max.");
    return { min, max };
}

/** The facts of the types that are named; problems for those that are unknown, repeated or of the other kind. */
function knownTypes(names: readonly string[], withGpu: boolean, checks: Checks): InstanceType[] {
    checks.unique(names, (index) => `instanceTypes[${index}]`);
    const allowedNames = instanceTypeNames({ withGpu });
    if (names.length === 0) checks.wrong("instanceTypes", names, "one type or more", "Name an EC2 type.");
    return names.flatMap((name, index) => {
        const type = instanceType(name);
        if (type !== undefined && (type.gpu !== undefined) === withGpu) return [type];
        const kind = withGpu ? "with NVIDIA GPUs" : "without GPUs";
        const allowed = `EC2 types ${kind} that are in the table, such as ${nearest(name, allowedNames).join(", ")}`;
        const fix = "Correct the name, or add the type to the table with its source.";
        checks.wrong(`instanceTypes[${index}]`, name, allowed, fix);
        return [];
    });
}

/** Names that begin most like the one that is unknown. */
function nearest(name: string, names: readonly string[]): readonly string[] {
    const alike = (other: string) => [...other].findIndex((letter, index) => letter !== name[index]);
    return [...names].sort((a, b) => alike(b) - alike(a)).slice(0, 5);
}

function checkSame(
    types: readonly InstanceType[],
    what: string,
    of: (type: InstanceType) => string | number,
    checks: Checks,
): void {
    const [first] = types;
    types.forEach((type, index) => {
        if (first !== undefined && of(type) !== of(first)) {
            const allowed = `the same ${what} as ${first.name}, which is ${of(first)} (this one: ${of(type)})`;
            checks.wrong(`instanceTypes[${index}]`, type.name, allowed, "Make a pool of its own for it.");
        }
    });
}
