import { references } from "../../../images/catalogue";
import { InvalidConfiguration, resolve, Surroundings } from "../../../infra/resolve";
import { exampleLock } from "../stacks/lock";

const local = { environment: "local", cluster: { kind: "embedded" } };
const onAws = {
    environment: "dev",
    tags: { owner: "ml", costCenter: "1" },
    cluster: {
        kind: "eks",
        account: "111122223333",
        region: "eu-west-1",
        version: "1.36",
        admins: ["arn:aws:iam::111122223333:role/platform-admin"],
        network: { zones: ["eu-west-1a", "eu-west-1b"] },
    },
};
const around: Surroundings = { lock: exampleLock(), today: "2026-11-24" };

function problemsOf(input: unknown): string {
    try {
        resolve(input, references(), around);
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.message;
        throw error;
    }
    return "";
}

describe("stores, pipelines, model registry and teams", () => {
    it("are one pod each with everything in the cluster, in local", () => {
        expect(resolve(local, references())).toMatchObject({
            data: {
                objectStore: { kind: "seaweedfs" },
                database: { kind: "postgres", multiAz: false },
                backup: { schedule: "17 2 * * *", keepDays: 14 },
                retain: false,
            },
            pipelines: { replicas: 1, restrictTemplates: false },
            modelRegistry: { replicas: 1, hosts: [] },
            teams: [],
        });
    });

    it("are S3 and RDS on AWS, and two zones, kept volumes and stored templates where much is at stake", () => {
        expect(resolve(onAws, references(), around)).toMatchObject({
            data: {
                objectStore: { kind: "s3", bucketPrefix: "mlp-dev-111122223333" },
                database: { kind: "rds", instanceClass: "db.t4g.medium", multiAz: false },
                retain: false,
            },
            pipelines: { replicas: 2, restrictTemplates: true },
        });
        expect(resolve({ ...onAws, environment: "prod" }, references(), around)).toMatchObject({
            data: { database: { instanceClass: "db.m7g.large", multiAz: true }, retain: true },
        });
    });

    it("need no stores where nobody uses them", () => {
        const off = { pipelines: { enabled: false }, modelRegistry: { enabled: false } };
        const spec = resolve({ ...local, ...off }, references());
        expect([spec.data, spec.pipelines, spec.modelRegistry]).toEqual([undefined, undefined, undefined]);
        expect(resolve({ ...local, ...off, teams: [{ name: "vision" }] }, references()).data).toBeDefined();
    });

    it.each([
        [
            "S3 without AWS",
            { ...local, data: { objectStore: { kind: "s3" } } },
            /data\.objectStore\.kind: "s3" is not allowed \(seaweedfs with a cluster of kind embedded\)/,
        ],
        [
            "RDS without AWS",
            { ...local, data: { database: { kind: "rds" } } },
            /data\.database\.kind: "rds" is not allowed \(postgres/,
        ],
        [
            "two teams of one name",
            { ...local, teams: [{ name: "vision" }, { name: "language" }, { name: "vision" }] },
            /teams\[2\]\.name: "vision" is not allowed \(a name that no other team has\)/,
        ],
        [
            "a team's name that is none of a namespace",
            { ...local, teams: [{ name: "Vision Team" }] },
            /teams\[0\]\.name: "Vision Team" is not allowed/,
        ],
        [
            "a volume without a unit that anybody knows",
            { ...local, data: { database: { volumeSize: "20 GB" } } },
            /data\.database\.volumeSize: "20 GB" is not allowed \(a Kubernetes quantity/,
        ],
        [
            "a schedule of four fields",
            { ...local, data: { backup: { schedule: "0 3 * *" } } },
            /data\.backup\.schedule: "0 3 \* \*" is not allowed \(five fields/,
        ],
        [
            "stores in the stack file of a platform whose cluster has a stack of its own",
            { environment: "prod", layer: "platform", data: {} },
            /data: \{\} is not allowed \(not in layer platform\)/,
        ],
    ])("refuse %s", (_, input, expected) => {
        expect(problemsOf(input)).toMatch(expected);
    });
});

describe("teams that leave", () => {
    it("are named beside those that stay", () => {
        const spec = resolve({ ...local, teams: [{ name: "vision" }], removedTeams: ["old"] }, references());
        expect(spec.removedTeams).toEqual(["old"]);
    });

    it("are refused while they are in both lists", () => {
        expect(problemsOf({ ...local, teams: [{ name: "old" }], removedTeams: ["old"] })).toContain(
            "mlp:platform.removedTeams[0]",
        );
    });
});
