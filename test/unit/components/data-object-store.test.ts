import * as k8s from "@pulumi/kubernetes";
import * as fc from "fast-check";

import { InvalidConfiguration } from "../../../components";
import { BucketPurpose, objectEnvironment, ObjectRight, ObjectStoreAccess, SeaweedFs } from "../../../components/data";
import { resolveObjectAccess } from "../../../components/data/object-permission";
import { identityJson } from "../../../components/data/seaweedfs-identity";
import { resolveSeaweedFs, volumesOf } from "../../../components/data/seaweedfs-resolve";
import { goMemoryLimit } from "../../../components/data/seaweedfs-settings";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const images = { references: { seaweedfs: "docker.io/chrislusf/seaweedfs:4.48" } };
const own = { bucket: BucketPurpose.Artifacts, prefix: "team-a/", access: ObjectRight.Write };

let resources: Registered[];
const ofType = (type: string) => resources.filter((each) => each.type === type);
const named = (type: string, name: string) => {
    const found = ofType(type).find((each) => each.name === name);
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found.inputs as Record<string, never>;
};

beforeAll(async () => {
    resources = await record(() => {
        const providers = [new k8s.Provider("kubernetes", { kubeconfig: "{}" })];
        const { store } = new SeaweedFs("object-store", { namespace: "mlp-data", images }, { providers });
        new ObjectStoreAccess(
            "team-a",
            { store, images, namespace: "team-a", serviceAccountName: "pipeline", permissions: [own] },
            { providers },
        );
    });
});

describe("an object store in the cluster", () => {
    // In prod objects lie on S3 and nobody has keys; images have their digests by the lock.
    it("meets the policies but for its keys, which prod has none of", () =>
        // The Secret, and the Job that waits until the store knows its keys.
        expect(policyFindings(resources).filter((finding) => !finding.startsWith("pod-image-digest"))).toEqual([
            "no-static-object-keys team-a-object-store",
            "no-static-object-keys team-a-object-store",
        ]));

    it("opens the S3 port alone, behind a Service, and everything else on loopback", () => {
        const { spec } = named("kubernetes:core/v1:Service", "object-store") as unknown as { spec: { ports: unknown } };
        expect(spec.ports).toEqual([{ name: "s3", port: 8333, targetPort: "s3" }]);
        const script = JSON.stringify(named("kubernetes:apps/v1:StatefulSet", "object-store"));
        expect(script).toContain("-ip=127.0.0.1 -ip.bind=127.0.0.1");
        expect(script).toContain("WEED_GRPC_CA");
    });

    it("gives its pod the right to see one Secret by name, and no token for anything else", () => {
        const { rules } = named("kubernetes:rbac.authorization.k8s.io/v1:Role", "object-store-identities");
        expect(rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["object-store-identities"],
                verbs: ["get", "list", "watch"],
            },
        ]);
    });

    it("keeps a tenth of the disk free, whatever its size", () => {
        fc.assert(
            fc.property(fc.integer({ min: 512, max: 16 * 1024 * 1024 }), (total) => {
                const { count, sizeMiB } = volumesOf(total);
                expect(count * sizeMiB).toBeLessThanOrEqual(total * 0.9);
                expect(count).toBeGreaterThanOrEqual(7);
                expect(sizeMiB).toBeGreaterThanOrEqual(64);
                expect(sizeMiB).toBeLessThanOrEqual(1024);
            }),
        );
    });

    it("names everything that is wrong at once", () => {
        const wrong = { images: { references: {} }, size: "10", artifactsBucket: "A", backupsBucket: "A" };
        expect(problemsOf(() => resolveSeaweedFs(wrong, "store"))).toEqual([
            "store.images",
            "store.volume.size",
            "store.artifactsBucket",
            "store.backupsBucket",
            "store.backupsBucket",
        ]);
    });

    it("collects Go's garbage before the kernel ends it", () => {
        expect([goMemoryLimit("1Gi"), goMemoryLimit("512Mi")]).toEqual(["896MiB", "448MiB"]);
    });
});

describe("access to an object store in the cluster", () => {
    it("adds its own key to the store's Secret and to the consumer's", () => {
        const patch = named("kubernetes:core/v1:SecretPatch", "team-a-identity") as unknown as {
            data: Record<string, string>;
            metadata: object;
        };
        expect(patch.metadata).toMatchObject({ name: "object-store-identities", namespace: "mlp-data" });
        const identity = JSON.parse(Buffer.from(patch.data["identity.team-a"] ?? "", "base64").toString()) as object;
        expect(identity).toMatchObject({
            name: "team-a",
            actions: ["Read:artifacts/team-a/*", "List:artifacts/team-a/*", "Write:artifacts/team-a/*"],
        });
        const { metadata } = named("kubernetes:core/v1:Secret", "team-a-object-store");
        expect(metadata).toMatchObject({ name: "object-store", namespace: "team-a" });
    });

    it("waits for the store with the keys in the environment, not on a command line", () => {
        const job = JSON.stringify(named("kubernetes:batch/v1:Job", "team-a-object-store"));
        expect(job).toContain("prefix=team-a%2F");
        expect(job).toContain('"secretKeyRef":{"key":"AWS_SECRET_ACCESS_KEY","name":"object-store"}');
    });

    it("lets a reader of a whole bucket read and list", () => {
        const reader = { bucket: BucketPurpose.Backups, prefix: "", access: ObjectRight.Read };
        const identity = { name: "r", accessKey: "k", secretKey: "s", permissions: [reader] };
        const { actions } = JSON.parse(identityJson(identity, { artifacts: "a", backups: "b" })) as {
            actions: string[];
        };
        expect(actions).toEqual(["Read:b", "List:b"]);
    });

    it.each(["team-a", "/team-a/", "a//b/", "../b/", "a/../b/", "a*/", "a b/", "a,Admin/"])(
        "refuses the prefix %s",
        (prefix) => {
            expect(problemsOf(() => resolveObjectAccess({ permissions: [{ ...own, prefix }] }, "a"))).toEqual([
                "a.permissions[0].prefix",
            ]);
        },
    );

    it.each(["", "team-a/", "*/mlflow/", "a/b-c_d.e/"])("accepts the prefix %j", (prefix) => {
        expect(resolveObjectAccess({ permissions: [{ ...own, prefix }] }, "a").permissions).toHaveLength(1);
    });

    it("names everything else that is wrong at once", () => {
        const bucket = "attic" as BucketPurpose;
        const access = "own" as ObjectRight;
        expect(
            problemsOf(() =>
                resolveObjectAccess({ permissions: [{ bucket, prefix: "", access }], secretName: "B" }, "A"),
            ),
        ).toEqual(["A", "A.secretName", "A.permissions[0].bucket", "A.permissions[0].access"]);
        expect(problemsOf(() => resolveObjectAccess({ permissions: [] }, "a"))).toEqual(["a.permissions"]);
    });

    it("tells the AWS SDKs where the store is and whose keys they use", () => {
        const access = { endpoint: "http://store:8333", region: "us-east-1", secretName: "object-store" };
        expect(objectEnvironment(access).map(({ name }) => name)).toEqual([
            "AWS_REGION",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
        ]);
        expect(objectEnvironment({ region: "eu-west-1" })).toEqual([{ name: "AWS_REGION", value: "eu-west-1" }]);
    });
});

function problemsOf(run: () => unknown): string[] {
    try {
        run();
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.problems.map(({ path }) => path);
        throw error;
    }
    throw new Error("nothing was refused");
}
