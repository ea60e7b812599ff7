import * as fc from "fast-check";

import { GpuPool } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { gpuLimits, GpuShare, QueueingTeam, resolveQueueing } from "../../../components/queueing";
import { sharedGroups, teamGroups } from "../../../components/queueing/quota";
import { resolveTeamQueue, unitsOf } from "../../../components/queueing/resolve";

const pool = (name: string, gpusPerNode: number, maxNodes: number, more: Partial<GpuPool> = {}): GpuPool => ({
    name,
    resource: "nvidia.com/gpu",
    gpusPerNode,
    maxNodes,
    nodeLabels: { pool: name },
    ...more,
});
const tune = pool("tune", 1, 4);
const train = pool("train", 8, 2);
const limits = { cpu: "16", memory: "64Gi", pods: 100 };

/** What is wrong, by its path. */
function wrong(gpuPools: readonly GpuPool[], teams: readonly QueueingTeam[]): Record<string, string> {
    try {
        resolveQueueing({ gpuPools, teams }, "root");
        return {};
    } catch (error) {
        if (!(error instanceof InvalidConfiguration)) throw error;
        return Object.fromEntries(error.problems.map(({ path, allowed }) => [path, allowed]));
    }
}

describe("the division of GPUs among teams", () => {
    it("gives those who say nothing equal parts, all the rest to borrow, and the remainder to nobody", () => {
        const teams = ["a", "b", "c"].map((name) => ({ name }));
        expect(resolveQueueing({ gpuPools: [tune], teams }, "root")).toEqual({
            shares: {
                a: [{ pool: "tune", nominal: 1, borrow: 3, lend: 1 }],
                b: [{ pool: "tune", nominal: 1, borrow: 3, lend: 1 }],
                c: [{ pool: "tune", nominal: 1, borrow: 3, lend: 1 }],
            },
            shared: { tune: 1 },
        });
    });

    it("gives what is asked for, and nothing of a pool that a team leaves out", () => {
        const gpus = [{ pool: "train", nominal: 8, borrow: 4, lend: 2 }];
        expect(resolveQueueing({ gpuPools: [tune, train], teams: [{ name: "a", gpus }] }, "root")).toEqual({
            shares: {
                a: [
                    { pool: "tune", nominal: 0, borrow: 0, lend: 0 },
                    { pool: "train", nominal: 8, borrow: 4, lend: 2 },
                ],
            },
            shared: { tune: 4, train: 8 },
        });
    });

    it("refuses shares that exceed the pool, alone and together, and says what the pool holds", () => {
        expect(wrong([tune], [{ name: "a", gpus: [{ nominal: 5 }] }])).toEqual({
            "root.teams[0].gpus[0].nominal": "a whole number from 0 to 4: pool tune holds 4 × 1 of nvidia.com/gpu",
        });
        expect(wrong([tune], [{ name: "a", gpus: [{ nominal: 3, borrow: 2, lend: 4 }] }])).toEqual({
            "root.teams[0].gpus[0].borrow": expect.stringContaining("from 0 to 1") as string,
            "root.teams[0].gpus[0].lend": expect.stringContaining("from 0 to 3") as string,
        });
        const gpus = [{ nominal: 3 }];
        expect(
            wrong(
                [tune],
                [
                    { name: "a", gpus },
                    { name: "b", gpus },
                ],
            ),
        ).toEqual({ "root.teams": "together no more than pool tune holds, 4 of nvidia.com/gpu" });
    });

    it("refuses unknown and repeated pools, and a share of no pool where there are several", () => {
        const shares = (...gpus: GpuShare[]) => Object.keys(wrong([tune, train], [{ name: "a", gpus }]));
        expect(shares({ pool: "other", nominal: 1 })).toEqual(["root.teams[0].gpus[0].pool"]);
        expect(shares({ nominal: 1 })).toEqual(["root.teams[0].gpus[0].pool"]);
        expect(shares({ pool: "tune", nominal: 1 }, { pool: "tune", nominal: 1 })).toEqual([
            "root.teams[0].gpus[1].pool",
        ]);
        expect(Object.values(wrong([], [{ name: "a", gpus: [{ nominal: 1 }] }]))).toEqual([
            "each of no pools: the cluster has no GPUs at most once",
        ]);
    });

    it("refuses pools of the same GPUs that no label tells apart, and one that is called like the rest", () => {
        const same = (nodeLabels: Record<string, string>) =>
            Object.keys(wrong([pool("a", 1, 1), pool("b", 1, 1, { nodeLabels })], []));
        expect(same({})).toEqual(["root.gpuPools[0].nodeLabels", "root.gpuPools[1].nodeLabels"]);
        expect(same({ other: "x" })).toHaveLength(2);
        expect(same({ pool: "b", other: "x" })).toEqual([]);
        expect(Object.keys(wrong([pool("cpu", 1, 1)], []))).toEqual(["root.gpuPools[0].name"]);
    });

    it("counts what nodes offer: time slices, and devices of MIG", () => {
        expect(unitsOf(pool("a", 2, 3, { timeSlices: 4 }))).toBe(24);
        expect(unitsOf(pool("a", 2, 3, { migProfile: "1g.5gb", allocatable: 14 }))).toBe(42);
    });

    const pools = fc
        .array(fc.record({ gpusPerNode: fc.integer({ min: 1, max: 8 }), maxNodes: fc.integer({ min: 1, max: 6 }) }), {
            minLength: 1,
            maxLength: 4,
        })
        .map((sizes) => sizes.map(({ gpusPerNode, maxNodes }, index) => pool(`p${index}`, gpusPerNode, maxNodes)));
    const teams = (names: readonly string[]) =>
        fc.array(
            fc.option(
                fc.uniqueArray(
                    fc.record(
                        {
                            pool: fc.constantFrom(...names),
                            nominal: fc.integer({ min: 0, max: 12 }),
                            borrow: fc.integer({ min: 0, max: 12 }),
                            lend: fc.integer({ min: 0, max: 12 }),
                        },
                        { requiredKeys: ["pool", "nominal"] },
                    ),
                    { selector: (share) => share.pool },
                ),
                { nil: undefined },
            ),
            { maxLength: 5 },
        );

    it("gives away exactly what the pools hold and promises nobody more, or refuses", () => {
        const cases = pools.chain((gpuPools) =>
            teams(gpuPools.map(({ name }) => name)).map((gpus) => ({
                gpuPools,
                teams: gpus.map((shares, index) => ({ name: `t${index}`, ...(shares && { gpus: shares }) })),
            })),
        );
        fc.assert(
            fc.property(cases, ({ gpuPools, teams: given }) => {
                if (Object.keys(wrong(gpuPools, given)).length > 0) return;
                const { shares, shared } = resolveQueueing({ gpuPools, teams: given }, "root");
                for (const one of gpuPools) {
                    const all = Object.values(shares).flatMap((parts) =>
                        parts.filter(({ pool: of }) => of === one.name),
                    );
                    const total = all.reduce((sum, { nominal }) => sum + nominal, shared[one.name] ?? 0);
                    expect(total).toBe(unitsOf(one));
                    expect(shared[one.name]).toBeGreaterThanOrEqual(0);
                    for (const { nominal, borrow, lend } of all) {
                        expect(nominal + borrow).toBeLessThanOrEqual(unitsOf(one));
                        expect(lend).toBeLessThanOrEqual(nominal);
                    }
                }
            }),
        );
    });
});

describe("the quota of a queue", () => {
    const shares = resolveTeamQueue({ gpuPools: [tune, train], gpus: [{ pool: "tune", nominal: 2, borrow: 1 }] }, "q");

    it("is that of the namespace for cores, memory and pods, which nobody borrows", () => {
        const [rest] = teamGroups(limits, [], []);
        expect(rest).toEqual({
            coveredResources: ["cpu", "memory", "pods"],
            flavors: [
                {
                    name: "cpu",
                    resources: [
                        { name: "cpu", nominalQuota: "16", borrowingLimit: "0", lendingLimit: "0" },
                        { name: "memory", nominalQuota: "64Gi", borrowingLimit: "0", lendingLimit: "0" },
                        { name: "pods", nominalQuota: "100", borrowingLimit: "0", lendingLimit: "0" },
                    ],
                },
            ],
        });
    });

    it("is the team's part of each pool that it has one of", () => {
        expect(teamGroups(limits, [tune, train], shares).slice(1)).toEqual([
            {
                coveredResources: ["nvidia.com/gpu"],
                flavors: [
                    {
                        name: "tune",
                        resources: [
                            { name: "nvidia.com/gpu", nominalQuota: "2", borrowingLimit: "1", lendingLimit: "2" },
                        ],
                    },
                ],
            },
        ]);
    });

    it("keeps kinds of GPUs apart, as each resource has one group", () => {
        const mig = pool("mig", 1, 1, { resource: "nvidia.com/mig-1g.5gb", allocatable: 7 });
        const groups = sharedGroups([tune, mig, train], { tune: 1, mig: 7, train: 3 });
        expect(
            groups.map(({ coveredResources, flavors }) => [coveredResources, flavors.map(({ name }) => name)]),
        ).toEqual([
            [["nvidia.com/gpu"], ["tune", "train"]],
            [["nvidia.com/mig-1g.5gb"], ["mig"]],
        ]);
    });

    it("limits the namespace to the team's own and borrowed GPUs, to none where it has no share", () => {
        expect(gpuLimits([tune, train], shares)).toEqual({ "nvidia.com/gpu": 3 });
        expect(gpuLimits([tune, train], [])).toEqual({ "nvidia.com/gpu": 0 });
    });
});
