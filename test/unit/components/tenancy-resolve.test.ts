import * as fc from "fast-check";

import { ObjectStoreKind } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { resolveTeam, TeamQuota } from "../../../components/tenancy";
import { amountOf } from "../../../components/tenancy/quantities";

const store = { kind: ObjectStoreKind.SeaweedFs };
const vision = { name: "vision", images: { references: {} }, store };

/** Paths of everything that is wrong. */
function wrong(args: Partial<Parameters<typeof resolveTeam>[0]>): string[] {
    try {
        resolveTeam({ ...vision, ...args }, "team");
        return [];
    } catch (error) {
        if (!(error instanceof InvalidConfiguration)) throw error;
        return error.problems.map(({ path }) => path);
    }
}

describe("a team's settings", () => {
    it("have defaults that let it work", () => {
        expect(resolveTeam(vision, "team")).toMatchObject({
            namespace: "team-vision",
            objectPrefix: "team-vision/",
            quota: { cpu: "16", memory: "64Gi", memoryLimit: "128Gi", gpus: { "nvidia.com/gpu": 4 }, pods: 100 },
            containers: { cpu: "100m", memory: "256Mi", memoryLimit: "1Gi" },
            network: { internet: true },
        });
    });

    it("count no custom kind by default, as the API server refuses it until it has counted", () => {
        const { objects } = resolveTeam(vision, "team").quota;
        expect(Object.keys(objects).filter((kind) => kind.includes("."))).toEqual(["jobs.batch"]);
    });

    it.each(["", "Vision", "1st", "vision-", "a_b", "a".repeat(41), "default", "kube-x", "mlp-x", "system", "a.b"])(
        "refuse the name %j",
        (name) => expect(wrong({ name })).toEqual(["team.name"]),
    );

    it.each(["a", "vision", "vision-2", "a".repeat(40), "kubernetes"])("accept the name %j", (name) =>
        expect(wrong({ name })).toEqual([]),
    );

    it("tell everything that is wrong at once", () => {
        const quota = {
            cpu: "many",
            storage: "0",
            pods: 0,
            volumes: -1,
            gpus: { gpu: 1, "nvidia.com/gpu": 0.5, "requests.kubernetes.io/x": 1 },
            objects: { "Jobs!": 1 },
        };
        const members = { users: ["ana", " ben", "ana", ""], groups: ["system:masters"] };
        expect(wrong({ name: "Vision", quota, members, network: { ranges: ["10.0.0.0"] } })).toEqual([
            "team.name",
            "team.quota.cpu",
            "team.quota.storage",
            "team.quota.pods",
            "team.quota.volumes",
            "team.quota.gpus.gpu",
            "team.quota.gpus.nvidia.com/gpu",
            "team.quota.gpus.requests.kubernetes.io/x",
            "team.quota.objects.Jobs!",
            "team.members.users[1]",
            "team.members.users[2]",
            "team.members.users[3]",
            "team.members.groups[0]",
            "team.network.ranges[0]",
        ]);
    });

    it("refuse limits below requests", () => {
        expect(wrong({ quota: { memory: "4Gi", memoryLimit: "4095Mi" } })).toEqual(["team.quota.memoryLimit"]);
        expect(wrong({ containers: { memory: "2Gi" } })).toEqual(["team.containers.memoryLimit"]);
    });

    it("refuse a quota that no container without a request would fit into", () => {
        expect(wrong({ quota: { cpu: "50m" } })).toEqual(["team.quota.cpu"]);
        expect(wrong({ quota: { memory: "128Mi" } })).toEqual(["team.quota.memory", "team.quota.memoryLimit"]);
    });

    it("ask for what stays open where the internet is off", () => {
        expect(wrong({ network: { internet: false } })).toEqual(["team.network.apiServer"]);
        const s3 = { kind: ObjectStoreKind.S3 };
        const network = { internet: false, apiServer: ["10.0.0.0/16"] };
        expect(wrong({ store: s3, network })).toEqual(["team.network.ranges"]);
        expect(wrong({ store: s3, network: { ...network, ranges: ["10.1.0.0/24"] } })).toEqual([]);
    });

    it.each(["10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8/8", "fd00::/129", "example.org/8", "10.0.0.0/-1"])(
        "refuse the range %j",
        (range) => expect(wrong({ network: { ranges: [range] } })).toEqual(["team.network.ranges[0]"]),
    );

    it("are accepted or refused, and never break", () => {
        const text = fc.oneof(fc.string(), fc.constantFrom("1", "500m", "2Gi", "1e3", "-1", "0"));
        const quota: fc.Arbitrary<TeamQuota> = fc.record(
            {
                cpu: text,
                memory: text,
                memoryLimit: text,
                storage: text,
                pods: fc.double(),
                volumes: fc.integer(),
                gpus: fc.dictionary(fc.string(), fc.double()),
                objects: fc.dictionary(fc.string(), fc.integer()),
            },
            { requiredKeys: [] },
        );
        const users = fc.array(fc.string());
        fc.assert(
            fc.property(fc.string(), quota, users, (name, quota, users) => {
                const paths = wrong({ name, quota, members: { users } });
                expect(paths.every((path) => path.startsWith("team."))).toBe(true);
            }),
        );
    });

    it("accept whatever leaves room for one container", () => {
        const milli = fc.integer({ min: 100, max: 1_000_000 }).map((cores) => `${cores}m`);
        const mebi = fc.integer({ min: 256, max: 1_000_000 });
        fc.assert(
            fc.property(milli, mebi, fc.nat(1_000_000), (cpu, memory, more) => {
                const quota = { cpu, memory: `${memory}Mi`, memoryLimit: `${Math.max(1024, memory) + more}Mi` };
                expect(wrong({ quota })).toEqual([]);
            }),
        );
    });
});

describe("a quantity", () => {
    it.each([
        ["1", 1],
        ["500m", 0.5],
        ["1.5", 1.5],
        ["1k", 1000],
        ["2Ki", 2048],
        ["1Gi", 1024 ** 3],
        ["1G", 1e9],
    ])("%s amounts to %d", (text, amount) => expect(amountOf(text)).toBeCloseTo(amount));

    it.each(["", "K", "1K", "-1", "1e3", "1 Gi", "1GiB"])("%j is none", (text) =>
        expect(amountOf(text)).toBeUndefined(),
    );

    it("grows with its unit", () => {
        const units = ["m", "", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti", "P", "Pi"];
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 999 }), (digits) => {
                const amounts = units.map((unit) => amountOf(`${digits}${unit}`) ?? NaN);
                expect([...amounts].sort((a, b) => a - b)).toEqual(amounts);
            }),
        );
    });
});
