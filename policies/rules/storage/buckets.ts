import { listed, statementsOf } from "../../aws/documents";
import { among, ofType, propertyOf, unless } from "../../aws/resources";
import { Property } from "../../property";
import { securityHub } from "../../references";
import { rule, StackResource, stackRule } from "../../rule";
import { missing, neighboursOf } from "../../stack";

const buckets = ofType("aws:s3/bucket:Bucket");

/** The neighbours of one type that configure a bucket. */
function configuring(bucket: StackResource, stack: readonly StackResource[], ...types: readonly string[]) {
    return neighboursOf(bucket, among(stack, ...types), { property: "bucket", names: ["bucket", "id"] });
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const bucketPublicAccess = stackRule({
    id: "bucket-public-access-block",
    title: "Every bucket refuses to become public",
    level: "mandatory",
    severity: "critical",
    why: "One wrong line of a bucket policy otherwise publishes every dataset in it.",
    fix: "Add an `aws.s3.BucketPublicAccessBlock` with all four settings true.",
    references: [securityHub("S3.8", "S3 general purpose buckets should block public access")],
    about: buckets,
    judge: (bucket, stack) => {
        const [block] = configuring(bucket, stack, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
        if (block === undefined) return missing("publicAccessBlock", "a BucketPublicAccessBlock of this bucket");
        return BLOCKS.map((setting) => unless(block.props.field(setting), [true])).find((one) => one !== undefined);
    },
});

export const bucketEncryption = stackRule({
    id: "bucket-encrypted",
    title: "Every bucket encrypts with a KMS key of our own",
    level: "mandatory",
    severity: "high",
    why: "S3's default key protects against nothing but a stolen disk.",
    fix: "Add an `aws.s3.BucketServerSideEncryptionConfiguration` with `sseAlgorithm: aws:kms` and a key.",
    references: [securityHub("S3.17", "S3 general purpose buckets should be encrypted at rest with AWS KMS keys")],
    about: buckets,
    judge: (bucket, stack) => {
        const [encryption] = configuring(
            bucket,
            stack,
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        );
        if (encryption === undefined) return missing("serverSideEncryption", "aws:kms with a key");
        const [rule] = encryption.props.find("rules[].applyServerSideEncryptionByDefault");
        const at = (rule ?? encryption.props.field("rules")).field("sseAlgorithm");
        return unless(at, ["aws:kms", "aws:kms:dsse"]);
    },
});

export const bucketVersioning = stackRule({
    id: "bucket-versioned",
    title: "Buckets keep the versions that were overwritten",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "A model that was overwritten by mistake is otherwise gone, and its lineage lies.",
    fix: "Add an `aws.s3.BucketVersioning` with status Enabled, and a lifecycle rule that ends old versions.",
    references: [securityHub("S3.14", "S3 general purpose buckets should have versioning enabled")],
    about: buckets,
    judge: (bucket, stack) => {
        const [versioning] = configuring(bucket, stack, "aws:s3/bucketVersioning:BucketVersioning");
        if (versioning === undefined) return missing("versioning", "a BucketVersioning of this bucket");
        return unless(versioning.props.field("versioningConfiguration").field("status"), ["Enabled"]);
    },
});

export const bucketTls = stackRule({
    id: "bucket-tls-only",
    title: "Buckets refuse requests without TLS",
    level: "mandatory",
    severity: "medium",
    why: "S3 answers plain HTTP unless a policy forbids it.",
    fix: "Deny `s3:*` in the bucket's policy where `aws:SecureTransport` is false.",
    references: [securityHub("S3.5", "S3 general purpose buckets should require requests to use SSL")],
    about: buckets,
    judge: (bucket, stack) => {
        const policies = configuring(bucket, stack, "aws:s3/bucketPolicy:BucketPolicy");
        return policies.some(({ props }) => deniesPlain(props.field("policy")))
            ? undefined
            : missing("policy", "a BucketPolicy that denies requests without aws:SecureTransport");
    },
});

function deniesPlain(document: Property): boolean {
    return statementsOf(document, "Deny").some(
        ({ condition, principal, actions }) =>
            listed(condition.field("Bool").field("aws:SecureTransport")).some(
                (one) => String(one.scalar) === "false",
            ) &&
            [principal, ...listed(principal.field("AWS"))].some(({ value }) => value === "*") &&
            actions.some(({ value }) => value === "s3:*" || value === "*"),
    );
}

export const bucketLifecycle = stackRule({
    id: "bucket-lifecycle",
    title: "Buckets end what nobody will read again",
    level: "advisory",
    severity: "low",
    why: "Overwritten versions and uploads that broke off are invisible, and paid for each month for ever.",
    fix: "Add an `aws.s3.BucketLifecycleConfiguration`: end old versions and broken uploads after some days.",
    references: [securityHub("S3.13", "S3 general purpose buckets should have Lifecycle configurations")],
    about: buckets,
    judge: (bucket, stack) => {
        const [lifecycle] = configuring(
            bucket,
            stack,
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        );
        return lifecycle === undefined
            ? missing("lifecycle", "a BucketLifecycleConfiguration of this bucket")
            : undefined;
    },
});

export const bucketForceDestroy = rule({
    id: "bucket-no-force-destroy",
    title: "Buckets in prod are not emptied when they are deleted",
    level: "mandatory-in-prod",
    severity: "high",
    why: "`pulumi destroy` would take every model and dataset with it.",
    fix: "Leave `forceDestroy` off, for ECR repositories `forceDelete`; empty what is to go on purpose.",
    references: [securityHub("S3.14", "S3 general purpose buckets should have versioning enabled")],
    places: (resource) => [...forceDestroy(resource), ...forceDelete(resource)],
    judge: (at) => (at.value === true ? { at, found: true, allowed: "false or unset" } : undefined),
});

const forceDestroy = propertyOf("aws:s3/bucket:Bucket", "forceDestroy");
const forceDelete = propertyOf("aws:ecr/repository:Repository", "forceDelete");
