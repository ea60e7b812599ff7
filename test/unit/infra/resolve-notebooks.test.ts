import { references } from "../../../images/catalogue";
import { InvalidConfiguration, resolve } from "../../../infra/resolve";

const local = (notebooks: object | undefined, more: object = {}) => ({
    environment: "local",
    cluster: { kind: "embedded", gpuPools: [{ name: "simulated", gpusPerNode: 4 }] },
    gateway: { enabled: true },
    teams: [{ name: "vision" }],
    ...(notebooks && { notebooks }),
    ...more,
});

function problemsOf(input: unknown): { path: string; allowed: string }[] {
    try {
        resolve(input, references());
        return [];
    } catch (error) {
        if (error instanceof InvalidConfiguration) return [...error.problems];
        throw error;
    }
}

describe("notebooks in a stack file", () => {
    it("are off unless it says so", () => {
        expect(resolve(local(undefined), references()).notebooks).toBeUndefined();
    });

    it("get every default", () => {
        expect(resolve(local({ enabled: true }), references()).notebooks).toEqual({
            culling: { idleSeconds: 3600, gpuIdleSeconds: 900 },
            limits: { concurrentStarts: 20, startSeconds: 300, serversPerUser: 3, consecutiveFailures: 10 },
            volume: { size: "10Gi" },
        });
    });

    it("need a gateway with sign-in and a team: no hub is open to all", () => {
        const alone = problemsOf(local({ enabled: true }, { gateway: { enabled: false }, teams: [] }));
        expect(alone.map(({ path }) => path)).toEqual([
            "mlp:platform.notebooks.enabled",
            "mlp:platform.notebooks.enabled",
        ]);
        expect(alone.map(({ allowed }) => allowed).join(" ")).toMatch(/would let anybody in/);
    });

    it("are told by their path what is wrong with profiles and times", () => {
        const profiles = [
            { name: "big", cpu: "1", memory: "4Gi", gpuPool: "h100" },
            { name: "big", cpu: "1", memory: "4Gi", gpuPool: "simulated", gpus: 8 },
        ];
        const cull = { idleSeconds: 600, gpuIdleSeconds: 900 };
        expect(problemsOf(local({ enabled: true, profiles, cull })).map(({ path }) => path)).toEqual([
            "mlp:platform.notebooks.profiles[0].gpuPool",
            "mlp:platform.notebooks.profiles[1].name",
            "mlp:platform.notebooks.profiles[1].gpus",
            "mlp:platform.notebooks.cull.gpuIdleSeconds",
        ]);
    });
});
