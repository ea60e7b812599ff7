import * as fc from "fast-check";

import {
    Cidr,
    formatCidr,
    knownCidr,
    overlap,
    parseCidr,
    sizeOf,
    within,
} from "../../../../components/cluster/eks/cidr";
import {
    blocksOf,
    blocksPerNode,
    layOut,
    nodesThatFit,
    serviceCidrFor,
} from "../../../../components/cluster/eks/subnets";

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/** Any range of this size, wherever it lies. */
const rangeOf = (from: number, to: number): fc.Arbitrary<Cidr> =>
    fc
        .integer({ min: from, max: to })
        .chain((prefix) =>
            fc.integer({ min: 0, max: 2 ** prefix - 1 }).map((index) => ({ base: index * sizeOf(prefix), prefix })),
        );

describe("layOut", () => {
    it("cuts a /16 into a quarter for the nodes of each zone, and small subnets for the rest", () => {
        expect(layOut(knownCidr("10.0.0.0/16"), knownCidr("100.64.0.0/16"), zones.slice(0, 2))).toEqual({
            nodeSubnets: [
                { zone: "eu-west-1a", cidr: "10.0.0.0/18" },
                { zone: "eu-west-1b", cidr: "10.0.64.0/18" },
            ],
            publicSubnets: [
                { zone: "eu-west-1a", cidr: "10.0.192.0/24" },
                { zone: "eu-west-1b", cidr: "10.0.193.0/24" },
            ],
            controlPlaneSubnets: [
                { zone: "eu-west-1a", cidr: "10.0.195.0/28" },
                { zone: "eu-west-1b", cidr: "10.0.195.16/28" },
            ],
            podSubnets: [
                { zone: "eu-west-1a", cidr: "100.64.0.0/18" },
                { zone: "eu-west-1b", cidr: "100.64.64.0/18" },
            ],
        });
    });

    it("fits every size of range, with no subnet over another", () => {
        fc.assert(
            fc.property(rangeOf(16, 24), rangeOf(16, 20), fc.integer({ min: 1, max: 3 }), (vpc, pods, count) => {
                const { nodeSubnets, publicSubnets, controlPlaneSubnets, podSubnets } = layOut(
                    vpc,
                    pods,
                    zones.slice(0, count),
                );
                // A range that does not begin at its own size is no range: knownCidr throws.
                const inVpc = [...nodeSubnets, ...publicSubnets, ...controlPlaneSubnets].map(({ cidr }) =>
                    knownCidr(cidr),
                );
                const inPods = podSubnets.map(({ cidr }) => knownCidr(cidr));
                expect(inVpc.filter((range) => !within(range, vpc))).toEqual([]);
                expect(inPods.filter((range) => !within(range, pods))).toEqual([]);
                for (const ranges of [inVpc, inPods]) {
                    expect(ranges.filter((a, index) => ranges.slice(index + 1).some((b) => overlap(a, b)))).toEqual([]);
                }
                expect(inVpc.filter(({ prefix }) => prefix > 28)).toEqual([]);
            }),
        );
    });

    it("moves no subnet when a zone is added", () => {
        fc.assert(
            fc.property(rangeOf(16, 24), rangeOf(16, 20), (vpc, pods) => {
                const two = layOut(vpc, pods, zones.slice(0, 2));
                const three = layOut(vpc, pods, zones);
                for (const kind of ["nodeSubnets", "publicSubnets", "controlPlaneSubnets", "podSubnets"] as const) {
                    expect(three[kind].slice(0, 2)).toEqual(two[kind]);
                }
            }),
        );
    });
});

describe("the room of a subnet", () => {
    it("leaves out what AWS keeps, endpoints and a load balancer", () => {
        expect(nodesThatFit(knownCidr("10.0.0.0/24"), 14)).toBe(256 - 5 - 8 - 14);
        expect(nodesThatFit(knownCidr("10.0.0.0/28"), 14)).toBe(0);
    });

    it("counts pods' addresses in blocks of 16, of which AWS spoils two", () => {
        expect(blocksOf(knownCidr("100.64.0.0/18"))).toBe(1024 - 2);
        expect([blocksPerNode(110), blocksPerNode(250)]).toEqual([7 + 2, 16 + 2]);
    });

    it("takes the range for Services that the VPC leaves free", () => {
        expect(
            ["10.0.0.0/16", "172.20.0.0/16", "172.20.128.0/20", "10.100.0.0/16"].map(knownCidr).map(serviceCidrFor),
        ).toEqual(["172.20.0.0/16", "10.100.0.0/16", "10.100.0.0/16", "172.20.0.0/16"]);
    });
});

describe("parseCidr", () => {
    it("reads back what formatCidr writes", () => {
        fc.assert(fc.property(rangeOf(0, 32), (range) => expect(parseCidr(formatCidr(range))).toEqual(range)));
    });

    it.each(["", "10.0.0.0", "10.0.0/16", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.1/8", "::/0", " 10.0.0.0/8"])(
        "knows that %p is no range",
        (text) => expect(parseCidr(text)).toBeUndefined(),
    );
});
