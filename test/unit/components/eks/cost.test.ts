import { Capacity, EksGpuClusterArgs, NatGateways, Scaling } from "../../../../components/cluster/eks/args";
import { estimateCosts, totalOf } from "../../../../components/cluster/eks/cost";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { cluster, pool } from "./cluster-args";

const costs = (different: Partial<EksGpuClusterArgs>) => estimateCosts(resolveEks(cluster(different), "cluster"));
const rows = (different: Partial<EksGpuClusterArgs>) =>
    costs(different).map(({ pool: item, least, most }) => [item, least, most]);

const zones = ["eu-west-1a", "eu-west-1b"];
const [zone = ""] = zones;
const reservationId = "cr-0123456789abcdef0";
// 730 hours, and a root volume at 0.08 USD for each GiB.
const m7i = 0.1008 * 730 + 60 * 0.08;
const g6 = 0.9776 * 730 + 200 * 0.08;
const p5 = 55.04 * 730 + 200 * 0.08;
const usd = (amount: number) => Math.round(amount * 100) / 100;

describe("estimateCosts", () => {
    it("adds pools, control plane, a NAT gateway for each zone and endpoints up", () => {
        expect(rows({ network: { zones } })).toEqual([
            ["system", usd(2 * m7i), usd(4 * m7i)],
            ["tune", 0, usd(4 * g6)],
            ["control plane", 73, 73],
            ["NAT gateways", usd(2 * 0.05 * 730), usd(2 * 0.05 * 730)],
            ["interface endpoints", usd(5 * 2 * 0.01 * 730), usd(5 * 2 * 0.01 * 730)],
        ]);
    });

    it.each([
        [NatGateways.Single, ["control plane", "NAT gateways"]],
        [NatGateways.None, ["control plane", "interface endpoints"]],
    ])("with NAT %s pays for %p beside the nodes", (natGateways, items) => {
        const named = rows({ network: { zones, natGateways }, gpuPools: [] }).map(([item]) => item);
        expect(named).toEqual(["system", ...items]);
    });

    it("leaves an existing network to whoever pays for it", () => {
        const existingNetwork = { vpcId: "vpc-1", nodeSubnets: { "eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b" } };
        const { network: _, ...others } = cluster({ gpuPools: [] });
        const spec = resolveEks({ ...others, existingNetwork }, "cluster");
        expect(estimateCosts(spec).map(({ pool: item }) => item)).toEqual(["system", "control plane"]);
    });

    const block = { instanceTypes: ["p5.48xlarge"], zones: [zone], reservationId, max: 2 };
    it.each([
        [
            "a reservation for all its nodes, used or not",
            pool({ ...block, capacity: Capacity.Reserved }),
            2 * p5,
            2 * p5,
            /used or not/,
        ],
        [
            "a capacity block by what runs",
            pool({ ...block, capacity: Capacity.CapacityBlock }),
            0,
            2 * p5,
            /price of its own/,
        ],
        ["spot at no more than on-demand", pool({ capacity: Capacity.Spot }), 0, 4 * g6, /spot is cheaper/],
        ["nodes that always run", pool({ scaling: Scaling.Fixed, min: 1 }), g6, 4 * g6, /^on-demand price$/],
        [
            "the cheapest of its types at least, the dearest at most",
            pool({ scaling: Scaling.Fixed, min: 1, instanceTypes: ["g6.2xlarge", "p5.4xlarge"] }),
            g6,
            4 * (6.88 * 730 + 16),
            /^on-demand price$/,
        ],
        [
            "nothing for a type without a price, and says so",
            pool({ instanceTypes: ["p5e.48xlarge"] }),
            0,
            0,
            /p5e\.48xlarge has no price/,
        ],
    ])("counts %s", (_, wanted, least, most, basis) => {
        const [, cost] = costs({ gpuPools: [wanted], network: { zones } });
        expect(cost).toMatchObject({ pool: "tune", least: usd(least), most: usd(most) });
        expect(cost?.basis).toMatch(basis);
    });

    it("sums everything up with the day of the prices", () => {
        const all = costs({ network: { zones } });
        expect(totalOf(all)).toMatchObject({
            least: usd(2 * m7i + 73 + 2 * 0.05 * 730 + 73),
            most: usd(4 * m7i + 4 * g6 + 73 + 2 * 0.05 * 730 + 73),
        });
        expect(totalOf(all).basis).toMatch(/us-east-1 on 2026-07-20/);
    });
});
