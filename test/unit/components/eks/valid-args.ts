import * as fc from "fast-check";

import {
    Capacity,
    EksGpuClusterArgs,
    EksGpuPoolArgs,
    GpuAmi,
    GpuSharingArgs,
    NatGateways,
    Scaling,
    TaintArgs,
} from "../../../../components/cluster/eks/args";
import { InstanceType, instanceType, instanceTypeNames } from "../../../../components/cluster/eks/instance-types";

const region = "eu-central-1";
const allZones = ["a", "b", "c"].map((letter) => `${region}${letter}`);
/** Types that the driver of EKS's images serves. */
const types = instanceTypeNames({ withGpu: true }).flatMap((name) => {
    const type = instanceType(name);
    return type?.gpu?.driver === "standard" ? [type] : [];
});

const typeOf = (fits: (type: InstanceType) => boolean) => fc.constantFrom(...types.filter(fits));
const anyOf = <T extends string>(values: Record<string, T>) => fc.constantFrom(...Object.values(values));

/** What any pool may have, whatever its capacity. Its name is given to it later. */
const common = {
    max: fc.integer({ min: 1, max: 4 }),
    diskGiB: fc.integer({ min: 50, max: 16384 }),
    ami: anyOf(GpuAmi),
    labels: fc.constantFrom<Record<string, string>[]>({}, { "example.org/use": "batch" }),
    taints: fc.constantFrom<TaintArgs[][]>([], [{ key: "example.org/team", value: "vision", effect: "NoExecute" }]),
};

type Nameless = Omit<EksGpuPoolArgs, "name">;

/** Pools that share GPUs in every way that each type allows. */
const shared = (zones: readonly string[]): fc.Arbitrary<Nameless> =>
    typeOf(() => true)
        .chain(({ name, gpu }) =>
            fc.record({
                ...common,
                instanceTypes: fc.constant<string[]>([name]),
                capacity: fc.constantFrom(Capacity.OnDemand, Capacity.Spot),
                zones: fc.subarray([...zones], { minLength: 1 }),
                sharing: fc.constantFrom<GpuSharingArgs[]>(
                    {},
                    { timeSlices: 4 },
                    ...Object.keys(gpu?.mig ?? {}).map((migProfile) => ({ migProfile })),
                ),
            }),
        )
        .map((pool) => (pool.sharing.migProfile === undefined ? pool : { ...pool, ami: GpuAmi.Bottlerocket }));

/** Pools of all types that are alike, which Karpenter or the group chooses from. */
const wide = fc
    .record({ ...common, first: typeOf(() => true), scaling: anyOf(Scaling) })
    .map(({ first, ...rest }): Nameless => ({
        ...rest,
        capacity: Capacity.OnDemand,
        instanceTypes: types
            .filter(({ gpus, architecture }) => gpus === first.gpus && architecture === first.architecture)
            .map(({ name }) => name),
    }));

/** Pools that stand in one zone: reserved, in a block, or joined by EFA. */
const inOneZone = (zones: readonly string[]): fc.Arbitrary<Nameless> =>
    fc.record({
        ...common,
        zones: fc.constantFrom(...zones).map((zone) => [zone]),
        instanceTypes: typeOf(({ family, efaInterfaces }) => family.startsWith("p") && efaInterfaces > 0).map(
            ({ name }) => [name],
        ),
        capacity: fc.constantFrom(Capacity.Reserved, Capacity.CapacityBlock),
        reservationId: fc.constant("cr-0123456789abcdef0"),
        efa: fc.boolean(),
    });

/** Clusters that can be made: every network, way of buying and sharing that goes together. */
export const validArgs: fc.Arbitrary<EksGpuClusterArgs> = fc.subarray(allZones, { minLength: 2 }).chain((zones) =>
    fc.record({
        clusterName: fc.constantFrom("ml", "ml-2", `a${"b".repeat(39)}`),
        version: fc.constantFrom("1.34", "1.35", "1.36"),
        region: fc.constant(region),
        network: fc.record({
            zones: fc.constant(zones),
            cidr: fc
                .record({ second: fc.nat(255), prefix: fc.integer({ min: 16, max: 21 }) })
                .map(({ second, prefix }) => `10.${second}.0.0/${prefix}`),
            podCidr: fc
                .record({ second: fc.integer({ min: 64, max: 127 }), prefix: fc.integer({ min: 16, max: 17 }) })
                .map(({ second, prefix }) => `100.${second}.0.0/${prefix}`),
            natGateways: anyOf(NatGateways),
        }),
        endpoint: fc.constantFrom({}, { allowedCidrs: ["203.0.113.0/24"] }),
        admins: fc.constant(["arn:aws:iam::123456789012:role/team/admin"]),
        systemPool: fc.constantFrom({}, { instanceTypes: ["m7g.large"], min: 3 }),
        gpuPools: fc
            .array(fc.oneof(shared(zones), wide, inOneZone(zones)), { maxLength: 4 })
            .map((pools) => pools.map((pool, index) => ({ ...pool, name: `pool-${index}` }))),
        storage: fc.record({
            efs: fc.boolean(),
            lustre: fc.constantFrom(...zones).map((zone) => ({ zone, capacityGiB: 4800 })),
        }),
        protect: fc.boolean(),
        tags: fc.constantFrom<Record<string, string>[]>({}, { team: "platform", "cost:centre": "R+D 7" }),
        today: fc.constant("2026-11-24"),
    }),
);
