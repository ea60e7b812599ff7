import { references } from "../../../images/catalogue";
import { InvalidConfiguration, resolve } from "../../../infra/resolve";

const pools = (...gpuPools: object[]) => ({
    environment: "dev",
    cluster: { kind: "existing", name: "ours", gpuPools },
    queueing: { enabled: true },
});
const tune = { name: "tune", gpusPerNode: 1, maxNodes: 4, nodeLabels: { pool: "tune" } };
const train = { name: "train", gpusPerNode: 8, maxNodes: 2, nodeLabels: { pool: "train" } };

function problemsOf(input: object): Record<string, string> {
    try {
        resolve(input, references());
        return {};
    } catch (error) {
        if (!(error instanceof InvalidConfiguration)) throw error;
        return Object.fromEntries(error.problems.map(({ path, allowed }) => [path, allowed]));
    }
}

describe("queues in a stack file", () => {
    it("are off unless asked for", () => {
        expect(resolve({ ...pools(tune), queueing: {} }, references()).queueing).toBeUndefined();
    });

    it("divide the only pool as teams say, and what is left among those that say nothing", () => {
        const teams = [{ name: "vision", gpus: { nominal: 2, borrow: 1 } }, { name: "language" }];
        expect(resolve({ ...pools(tune), teams }, references()).queueing).toEqual({
            replicas: 2,
            shares: {
                vision: [{ pool: "tune", nominal: 2, borrow: 1, lend: 2 }],
                language: [{ pool: "tune", nominal: 2, borrow: 2, lend: 2 }],
            },
            shared: { tune: 0 },
        });
    });

    it("divide several pools by their names", () => {
        const gpus = { pools: { tune: { nominal: 1 }, train: { nominal: 8, borrow: 0, lend: 4 } } };
        const { queueing } = resolve({ ...pools(tune, train), teams: [{ name: "vision", gpus }] }, references());
        expect(queueing).toMatchObject({
            shares: {
                vision: [
                    { pool: "tune", nominal: 1, borrow: 3, lend: 1 },
                    { pool: "train", nominal: 8, borrow: 0, lend: 4 },
                ],
            },
            shared: { tune: 3, train: 8 },
        });
    });

    it("refuse what the pools do not hold, all at once and each by its path", () => {
        const teams = [
            { name: "a", gpus: { nominal: 5 } },
            { name: "b", gpus: { nominal: 1, borrow: 4, lend: 2 } },
        ];
        expect(problemsOf({ ...pools(tune), teams })).toEqual({
            "mlp:platform.teams[0].gpus.nominal": "a whole number from 0 to 4: pool tune holds 4 × 1 of nvidia.com/gpu",
            "mlp:platform.teams[1].gpus.borrow": expect.stringContaining("from 0 to 3") as string,
            "mlp:platform.teams[1].gpus.lend": expect.stringContaining("from 0 to 1") as string,
        });
        const together = ["a", "b"].map((name) => ({ name, gpus: { nominal: 3 } }));
        expect(problemsOf({ ...pools(tune), teams: together })).toEqual({
            "mlp:platform.teams": expect.stringContaining("no more than pool tune holds, 4") as string,
        });
    });

    it("refuse pools that are not there, and one number for several of them", () => {
        const named = { name: "a", gpus: { pools: { other: { nominal: 1 } } } };
        expect(Object.keys(problemsOf({ ...pools(tune), teams: [named] }))).toEqual([
            "mlp:platform.teams[0].gpus.pools.other.pool",
        ]);
        const unnamed = { name: "a", gpus: { nominal: 1 } };
        expect(Object.keys(problemsOf({ ...pools(tune, train), teams: [unnamed] }))).toEqual([
            "mlp:platform.teams[0].gpus.pool",
        ]);
        const both = { name: "a", gpus: { nominal: 1, pools: {} } };
        const neither = { name: "b", gpus: { borrow: 1 } };
        expect(Object.keys(problemsOf({ ...pools(tune), teams: [both, neither] }))).toEqual([
            "mlp:platform.teams[0].gpus",
            "mlp:platform.teams[1].gpus",
        ]);
    });

    it("refuse a second number for the same, and shares that nothing would hold anybody to", () => {
        const twice = { name: "a", quota: { gpus: 2 }, gpus: { nominal: 1 } };
        expect(Object.keys(problemsOf({ ...pools(tune), teams: [twice] }))).toEqual([
            "mlp:platform.teams[0].quota.gpus",
        ]);
        const off = { ...pools(tune), queueing: {}, teams: [{ name: "a", gpus: { nominal: 1 } }] };
        expect(problemsOf(off)).toEqual({
            "mlp:platform.teams[0].gpus": expect.stringContaining("queueing.enabled is false") as string,
        });
    });

    it("need pools that labels tell apart", () => {
        const bare = { name: "other", gpusPerNode: 1 };
        expect(Object.keys(problemsOf(pools(tune, bare)))).toEqual([
            "mlp:platform.cluster.gpuPools[0].nodeLabels",
            "mlp:platform.cluster.gpuPools[1].nodeLabels",
        ]);
    });
});
