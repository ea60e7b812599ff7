import * as aws from "@pulumi/aws";

import { S3Buckets } from "../../../components/data/aws";
import { objectPolicy } from "../../../components/data/aws-iam";
import { resolveS3Buckets } from "../../../components/data/aws-s3-resolve";
import { BucketPurpose, ObjectRight, ObjectStoreAccess } from "../../../components/data";
import { contextOf } from "../../../policies/context";
import { Property } from "../../../policies/property";
import { evaluateIn } from "../../../policies/rule";
import { RULES } from "../../../policies/rules";
import { unknownInPolicy } from "../../support/iam";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const key = "arn:aws:kms:eu-west-1:111122223333:key/1";
const tags = { owner: "ml", environment: "prod", costCenter: "42" };

let resources: Registered[];
const only = (type: string) => {
    const found = resources.find((each) => each.type === type);
    if (found === undefined) throw new Error(`no ${type}`);
    return found.inputs;
};

beforeAll(async () => {
    resources = await record(() => {
        const providers = [new aws.Provider("aws", { region: "eu-west-1" })];
        const { store } = new S3Buckets(
            "objects",
            { namePrefix: "mlp-prod-0", region: "eu-west-1", clusterName: "prod", kmsKeyArn: key, protect: true, tags },
            { providers },
        );
        new ObjectStoreAccess(
            "team-a",
            {
                store,
                images: { references: {} },
                namespace: "team-a",
                serviceAccountName: "pipeline",
                permissions: [{ bucket: BucketPurpose.Artifacts, prefix: "team-a/", access: ObjectRight.Write }],
            },
            { providers },
        );
    });
});

describe("buckets on S3", () => {
    // Mocks do not tell what is protected: that is asked of the argument below.
    it("meet the rules about single resources in prod", () =>
        expect(policyFindings(resources).filter((finding) => !finding.startsWith("stateful-protected"))).toEqual([]));

    it("meet the rules about buckets and what configures them", () => {
        const stack = resources.map(({ type, name, inputs }) => ({
            ...{ type, name, urn: name, protect: true },
            props: Property.root(inputs),
            through: () => [],
        }));
        const context = contextOf({ environment: "prod", today: "2026-11-24" });
        const judged = RULES.flatMap((rule) => {
            if (rule.scope !== "stack" || !rule.id.startsWith("bucket-")) return [];
            return rule.subjects(stack).map((subject) => ({
                rule: rule.id,
                found: evaluateIn(stack, rule, subject, context).findings.length,
            }));
        });
        expect(judged.length).toBeGreaterThanOrEqual(8);
        expect(judged.filter(({ found }) => found > 0)).toEqual([]);
    });

    it("are encrypted with the key, versioned and closed", () => {
        expect(only("aws:s3/bucketVersioning:BucketVersioning")).toMatchObject({
            versioningConfiguration: { status: "Enabled" },
        });
        expect(JSON.stringify(only(ENCRYPTION))).toContain(key);
        expect(only("aws:s3/bucket:Bucket")).toMatchObject({ forceDestroy: false, bucket: "mlp-prod-0-artifacts" });
    });

    it("refuse names that S3 would refuse", () => {
        expect(() => resolveS3Buckets({ namePrefix: "Mlp_", noncurrentDays: 0 }, "objects")).toThrow(
            /objects\.namePrefix.*\n?.*objects\.noncurrentDays/s,
        );
    });
});

const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

describe("access to objects on S3", () => {
    it("is a role for one service account of one cluster, and no Secret", () => {
        expect(only("aws:eks/podIdentityAssociation:PodIdentityAssociation")).toMatchObject({
            clusterName: "prod",
            namespace: "team-a",
            serviceAccount: "pipeline",
        });
        expect(String(only("aws:iam/role:Role").assumeRolePolicy)).toContain('"aws:SourceAccount":"111122223333"');
        expect(resources.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
    });

    it("ends where its prefix ends", async () => {
        const policy = objectPolicy(
            [{ bucket: BucketPurpose.Artifacts, prefix: "team-a/", access: ObjectRight.Read }],
            { artifacts: "a", backups: "b" },
            key,
        );
        expect(policy.Statement).toMatchObject([
            { Action: ["s3:GetObject"], Resource: "arn:aws:s3:::a/team-a/*" },
            { Action: "s3:ListBucket", Condition: { StringLike: { "s3:prefix": "team-a/*" } } },
            { Action: ["kms:Decrypt"], Resource: key },
        ]);
        expect(await unknownInPolicy(policy)).toEqual([]);
    });
});
