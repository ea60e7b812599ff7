import { Capacity, NatGateways } from "./args";
import { instanceType, PRICES } from "./instance-types";
import type { EksSpec, NetworkSpec, PoolCost, PoolSpec } from "./spec";

const HOURS = 730;

/**
 * us-east-1, by the hour: control plane in standard support, NAT gateway with its public address (0.045 and 0.005),
 * interface endpoint in one zone. 2026.
 */
const HOURLY = { controlPlane: 0.1, natGateway: 0.05, endpoint: 0.01 } as const;
/** us-east-1, by GiB and month, with the performance that is included. 2026. */
const GP3 = 0.08;

/** What the on-demand price says of what will be paid. */
const BASIS: Readonly<Record<Capacity, string>> = {
    [Capacity.OnDemand]: "on-demand price",
    [Capacity.Spot]: "on-demand price: spot is cheaper",
    [Capacity.Reserved]: "on-demand price: paid for max nodes, used or not",
    [Capacity.CapacityBlock]: "on-demand price: a block is prepaid at a price of its own",
};

/**
 * What the cluster costs by the month: each pool with its nodes' root volumes, then what runs without a node.
 *
 * Prices are those of {@link PRICES}, whatever the cluster's region. Traffic, other storage and logs are not counted.
 */
export function estimateCosts(spec: EksSpec): readonly PoolCost[] {
    return [
        ...[spec.systemPool, ...spec.gpuPools].map(costOfPool),
        fixed("control plane", HOURLY.controlPlane, 1),
        ...costsOfNetwork(spec.network),
    ];
}

/** All of it together. */
export function totalOf(costs: readonly PoolCost[]): PoolCost {
    const sum = (of: (cost: PoolCost) => number) => dollars(costs.reduce((total, cost) => total + of(cost), 0));
    return {
        pool: "together",
        least: sum(({ least }) => least),
        most: sum(({ most }) => most),
        basis: `prices of ${PRICES.region} on ${PRICES.day}, ${HOURS} hours, traffic and other storage not counted`,
    };
}

function costOfPool({ name, instanceTypes, capacity, min, max, diskGiB }: PoolSpec): PoolCost {
    const types = instanceTypes.flatMap((type) => instanceType(type) ?? []);
    const prices = types.flatMap(({ usdPerHour }) => usdPerHour ?? []).map((hour) => hour * HOURS + diskGiB * GP3);
    const unpriced = types.filter(({ usdPerHour }) => usdPerHour === undefined).map((type) => type.name);
    // A reservation is paid for whether its nodes run or not.
    const always = capacity === Capacity.Reserved ? max : min;
    return {
        pool: name,
        least: dollars(always * (prices.length > 0 ? Math.min(...prices) : 0)),
        most: dollars(max * Math.max(0, ...prices)),
        basis: [BASIS[capacity], ...unpriced.map((type) => `${type} has no price by the hour: not counted`)].join("; "),
    };
}

const NAT_COUNT: Readonly<Record<NatGateways, (zones: number) => number>> = {
    [NatGateways.None]: () => 0,
    [NatGateways.Single]: () => 1,
    [NatGateways.PerZone]: (zones) => zones,
};

/** An existing network is on somebody else's bill. */
function costsOfNetwork(network: NetworkSpec): readonly PoolCost[] {
    if (network.kind === "existing") return [];
    const zones = network.zones.length;
    return [
        fixed("NAT gateways", HOURLY.natGateway, NAT_COUNT[network.natGateways](zones)),
        fixed("interface endpoints", HOURLY.endpoint, network.interfaceEndpoints.length * zones),
    ].filter(({ most }) => most > 0);
}

function fixed(what: string, price: number, count: number): PoolCost {
    const cost = dollars(price * count * HOURS);
    return { pool: what, least: cost, most: cost, basis: `${count} × ${price} USD an hour` };
}

const dollars = (amount: number): number => Math.round(amount * 100) / 100;
