import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ObjectStore, ObjectStoreKind } from "../contracts";
import { tlsOnlyPolicy } from "./aws-iam";
import { BucketSpec, resolveS3Buckets } from "./aws-s3-resolve";

export interface S3BucketsArgs {
    /** In front of the buckets' names, which are the world's: 3 to 40 of a-z, 0-9 and dashes. */
    namePrefix: string;
    /** Region of the buckets: that of the provider. */
    region: string;
    /** EKS cluster whose pods get roles. */
    clusterName: string;
    /** KMS key that encrypts every object. */
    kmsKeyArn: pulumi.Input<string>;
    /** Days that an overwritten or deleted version is kept. Default: 30. */
    noncurrentDays?: number;
    /** Refuse to delete the buckets. Without it they go together with what is in them. Default: false. */
    protect?: boolean;
    /** Tags of the buckets and of the roles that reach them. */
    tags: { [key: string]: string };
}

/**
 * The platform's two buckets on S3, for artifacts and for backups: encrypted with a key of ours, versioned, never public,
 * reached over TLS only.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export class S3Buckets extends pulumi.ComponentResource {
    /** What those who keep objects need, once the buckets are as they should be. */
    readonly store: ObjectStore;

    constructor(name: string, args: S3BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mlp:index:S3Buckets", name, {}, opts);
        const { clusterName, kmsKeyArn, region, tags } = args;
        const spec = resolveS3Buckets(args, name);

        this.store = {
            kind: ObjectStoreKind.S3,
            region,
            artifactsBucket: this.bucket(`${name}-artifacts`, spec.artifacts, args),
            backupsBucket: this.bucket(`${name}-backups`, spec.backups, args),
            aws: { clusterName, kmsKeyArn, tags },
        };
        this.registerOutputs({
            artifactsBucket: this.store.artifactsBucket,
            backupsBucket: this.store.backupsBucket,
        });
    }

    private bucket(name: string, spec: BucketSpec, args: S3BucketsArgs): pulumi.Output<string> {
        const { protect = false, tags } = args;
        const parent = { parent: this };
        const bucket = new aws.s3.Bucket(
            name,
            { bucket: spec.bucket, forceDestroy: !protect, tags },
            { ...parent, protect },
        );
        const access = new aws.s3.BucketPublicAccessBlock(
            name,
            {
                bucket: bucket.bucket,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
            parent,
        );
        const settings = this.settings(name, bucket, spec, args.kmsKeyArn);
        // After the block: S3 answers a conflict to two changes of a bucket's access at a time.
        const policy = new aws.s3.BucketPolicy(
            name,
            { bucket: bucket.bucket, policy: bucket.arn.apply((arn) => JSON.stringify(tlsOnlyPolicy(arn))) },
            { ...parent, dependsOn: access },
        );
        // Whoever knows the name finds the bucket encrypted and versioned.
        const others = pulumi.all([policy.id, ...settings.map(({ id }) => id)]);
        return pulumi.all([bucket.bucket, others]).apply(([bucketName]) => bucketName);
    }

    private settings(
        name: string,
        { bucket }: aws.s3.Bucket,
        { noncurrentDays }: BucketSpec,
        kmsMasterKeyId: pulumi.Input<string>,
    ): pulumi.CustomResource[] {
        const parent = { parent: this };
        const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            {
                bucket,
                rules: [
                    {
                        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
                        // One request to KMS for many objects.
                        bucketKeyEnabled: true,
                    },
                ],
            },
            parent,
        );
        const versioning = new aws.s3.BucketVersioning(
            name,
            { bucket, versioningConfiguration: { status: "Enabled" } },
            parent,
        );
        const lifecycle = new aws.s3.BucketLifecycleConfiguration(
            name,
            {
                bucket,
                rules: [
                    {
                        id: "former-versions",
                        status: "Enabled",
                        filter: { prefix: "" },
                        noncurrentVersionExpiration: { noncurrentDays },
                        expiration: { expiredObjectDeleteMarker: true },
                        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                    },
                ],
            },
            // Rules about former versions are refused while there are none.
            { ...parent, dependsOn: versioning },
        );
        const ownership = new aws.s3.BucketOwnershipControls(
            name,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            parent,
        );
        return [encryption, versioning, lifecycle, ownership];
    }
}
