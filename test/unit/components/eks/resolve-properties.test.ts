import * as fc from "fast-check";

import { Capacity, EksGpuClusterArgs, EksGpuPoolArgs, Scaling } from "../../../../components/cluster/eks/args";
import { knownCidr, overlap, within } from "../../../../components/cluster/eks/cidr";
import { estimateCosts } from "../../../../components/cluster/eks/cost";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { InvalidConfiguration } from "../../../../components/problems";
import { validArgs } from "./valid-args";

/** Ways to spoil a valid cluster, each with the path that has to be named. */
const spoilers: [path: string, spoil: (args: EksGpuClusterArgs) => EksGpuClusterArgs][] = [
    ["version", (args) => ({ ...args, version: "1.30" })],
    ["region", (args) => ({ ...args, region: "" })],
    ["admins", (args) => ({ ...args, admins: [] })],
    ["clusterName", (args) => ({ ...args, clusterName: `${args.clusterName}_` })],
    ["network.cidr", (args) => withNetwork(args, { cidr: "172.20.0.0/12" })],
    ["network.podCidr", (args) => withNetwork(args, { podCidr: "100.64.0.0/21" })],
    ["network.zones", (args) => withNetwork(args, { zones: [] })],
    ["endpoint.allowedCidrs[0]", (args) => ({ ...args, endpoint: { allowedCidrs: ["0.0.0.0/0"] } })],
    ["tags.AWS:x", (args) => ({ ...args, tags: { ...args.tags, "AWS:x": "y" } })],
    ["logDays", (args) => ({ ...args, logDays: 2 })],
    ["gpuPools[0].max", (args) => withFirstPool(args, { max: 0 })],
    ["gpuPools[0].name", (args) => withFirstPool(args, { name: "" })],
    ["gpuPools[0].instanceTypes[0]", (args) => withFirstPool(args, { instanceTypes: ["g7.2xlarge"] })],
    ["gpuPools[0].zones[0]", (args) => withFirstPool(args, { zones: ["eu-central-1x"] })],
    [
        "gpuPools[0].reservationId",
        (args) => withFirstPool(args, { capacity: Capacity.Spot, reservationId: "cr-00000000" }),
    ],
    ["gpuPools[0].sharing.timeSlices", (args) => withFirstPool(args, { sharing: { timeSlices: 49 } })],
    ["gpuPools[0].sharing.migProfile", (args) => withFirstPool(args, { sharing: { migProfile: "9g.1gb" } })],
    [
        "gpuPools[0].min",
        (args) => withFirstPool(args, { capacity: Capacity.OnDemand, scaling: Scaling.Elastic, min: 1 }),
    ],
];

function withNetwork(args: EksGpuClusterArgs, different: Partial<NonNullable<EksGpuClusterArgs["network"]>>) {
    return { ...args, network: { zones: [], ...args.network, ...different } };
}

function withFirstPool(args: EksGpuClusterArgs, different: Partial<EksGpuPoolArgs>): EksGpuClusterArgs {
    const [first = { name: "pool-0", instanceTypes: ["g6.xlarge"], max: 1 }, ...others] = args.gpuPools ?? [];
    return { ...args, gpuPools: [{ ...first, ...different }, ...others] };
}

describe("resolveEks", () => {
    it("resolves every cluster that can be made, and keeps what was asked for", () => {
        fc.assert(
            fc.property(validArgs, (args) => {
                const spec = resolveEks(args, "cluster");
                expect(spec.gpuPools.map(({ name, max, instanceTypes }) => ({ name, max, instanceTypes }))).toEqual(
                    args.gpuPools?.map(({ name, max, instanceTypes }) => ({ name, max, instanceTypes })),
                );
                expect([spec.version, spec.network.zones]).toEqual([args.version, args.network?.zones]);
                for (const { gpu, labels, taints } of spec.gpuPools) {
                    expect(gpu?.allocatable).toBeGreaterThanOrEqual(gpu?.count ?? Infinity);
                    expect(labels).toHaveProperty(["nvidia.com/gpu.present"], "true");
                    expect(taints).toContainEqual({ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" });
                }
            }),
        );
    });

    it("puts subnets beside one another, inside their ranges", () => {
        fc.assert(
            fc.property(validArgs, (args) => {
                const { network } = resolveEks(args, "cluster");
                if (network.kind !== "new") throw new Error("a new network was asked for");
                const inVpc = [...network.publicSubnets, ...network.nodeSubnets, ...network.controlPlaneSubnets];
                const ranges = [...inVpc, ...network.podSubnets].map(({ cidr }) => knownCidr(cidr));
                const collisions = ranges.flatMap((range, index) =>
                    ranges.slice(index + 1).filter((other) => overlap(range, other)),
                );
                expect(collisions).toEqual([]);
                for (const { cidr } of inVpc) expect(within(knownCidr(cidr), knownCidr(network.cidr))).toBe(true);
                for (const { cidr } of network.podSubnets) {
                    expect(within(knownCidr(cidr), knownCidr(network.podCidr))).toBe(true);
                }
                for (const range of [network.cidr, network.podCidr]) {
                    expect(overlap(knownCidr(range), knownCidr(network.serviceCidr))).toBe(false);
                }
            }),
        );
    });

    it("gives the same answer every time and changes nothing that it is given", () => {
        fc.assert(
            fc.property(validArgs, (args) => {
                const before = JSON.stringify(args);
                const answers = new Set([1, 2, 3].map(() => JSON.stringify(resolveEks(args, "cluster"))));
                expect([answers.size, JSON.stringify(args)]).toEqual([1, before]);
            }),
        );
    });

    it("names the path of whatever spoils a cluster that can be made", () => {
        fc.assert(
            fc.property(validArgs, fc.constantFrom(...spoilers), (args, [path, spoil]) => {
                try {
                    resolveEks(spoil(args), "cluster");
                } catch (error) {
                    if (!(error instanceof InvalidConfiguration)) throw error;
                    return expect(error.problems.map((problem) => problem.path)).toContain(`cluster.${path}`);
                }
                throw new Error(`${path} was not refused`);
            }),
        );
    });
});

describe("estimateCosts", () => {
    it("never costs less at most than at least", () => {
        fc.assert(
            fc.property(validArgs, (args) => {
                for (const { least, most } of estimateCosts(resolveEks(args, "cluster"))) {
                    expect(least).toBeGreaterThanOrEqual(0);
                    expect(most).toBeGreaterThanOrEqual(least);
                }
            }),
        );
    });
});
