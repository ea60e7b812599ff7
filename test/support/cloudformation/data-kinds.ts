import { json, Kind, list, Part, Value, Values, without } from "./kind";

/** Buckets, databases and what belongs to them. */
export const DATA_KINDS: Readonly<Record<string, Kind>> = {
    "aws:s3/bucket:Bucket": {
        type: "AWS::S3::Bucket",
        renamed: { bucket: "BucketName" },
        ours: { forceDestroy: "empties it before deletion" },
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
        type: "AWS::S3::BucketPolicy",
        renamed: { policy: "PolicyDocument" },
        shape: (inputs) => ({ ...inputs, policy: json(inputs.policy) }),
    },
    "aws:rds/instance:Instance": {
        type: "AWS::RDS::DBInstance",
        renamed: {
            identifier: "DBInstanceIdentifier",
            instanceClass: "DBInstanceClass",
            username: "MasterUsername",
            password: "MasterUserPassword",
            vpcSecurityGroupIds: "VPCSecurityGroups",
            parameterGroupName: "DBParameterGroupName",
            backupWindow: "PreferredBackupWindow",
            maintenanceWindow: "PreferredMaintenanceWindow",
            performanceInsightsEnabled: "EnablePerformanceInsights",
            enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
            iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
            caCertIdentifier: "CACertificateIdentifier",
        },
        ours: {
            applyImmediately: "CloudFormation always does",
            blueGreenUpdate: "how Terraform's provider updates",
            finalSnapshotIdentifier: "CloudFormation's DeletionPolicy, beside the properties",
            skipFinalSnapshot: "CloudFormation's DeletionPolicy, beside the properties",
        },
        shape: ({ masterUserSecretKmsKeyId, ...rest }) => ({
            ...rest,
            ...(masterUserSecretKmsKeyId !== undefined && { masterUserSecret: { kmsKeyId: masterUserSecretKmsKeyId } }),
        }),
    },
    "aws:rds/subnetGroup:SubnetGroup": {
        type: "AWS::RDS::DBSubnetGroup",
        renamed: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
        shape: (inputs) => ({ description: "Managed by Pulumi", ...inputs }),
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        type: "AWS::RDS::DBParameterGroup",
        renamed: { name: "DBParameterGroupName" },
        ours: { skipDestroy: "what a destroy of Pulumi's leaves" },
        shape: ({ parameters = [], ...rest }) => ({
            description: "Managed by Pulumi",
            // A prefix is no name yet.
            ...without(rest, "namePrefix"),
            // When one takes effect is CloudFormation's own decision.
            parameters: Object.fromEntries(
                (list(parameters) as { name: string; value: Value }[]).map(({ name, value }) => [name, value]),
            ),
        }),
    },
};

/** Settings of a bucket: resources of their own for Terraform's provider, properties for CloudFormation. */
export const DATA_PARTS: Readonly<Record<string, Part>> = {
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket((inputs, bucket) => {
        bucket.PublicAccessBlockConfiguration = capitalised(without(inputs, "bucket", "skipDestroy"));
    }),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(
        ({ rules = [] }, bucket) => {
            bucket.BucketEncryption = {
                ServerSideEncryptionConfiguration: (list(rules) as Values[]).map(
                    ({ applyServerSideEncryptionByDefault = {}, bucketKeyEnabled = false }) => {
                        const { sseAlgorithm = null, kmsMasterKeyId } = applyServerSideEncryptionByDefault as Values;
                        const key = kmsMasterKeyId === undefined ? {} : { KMSMasterKeyID: kmsMasterKeyId };
                        return {
                            BucketKeyEnabled: bucketKeyEnabled,
                            ServerSideEncryptionByDefault: { SSEAlgorithm: sseAlgorithm, ...key },
                        };
                    },
                ),
            };
        },
    ),
    "aws:s3/bucketVersioning:BucketVersioning": ofBucket(({ versioningConfiguration = {} }, bucket) => {
        bucket.VersioningConfiguration = { Status: (versioningConfiguration as Values).status ?? null };
    }),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket(({ rule = {} }, bucket) => {
        bucket.OwnershipControls = { Rules: [capitalised(rule as Values)] };
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(({ rules = [] }, bucket) => {
        bucket.LifecycleConfiguration = { Rules: (list(rules) as Values[]).map(lifecycleRule) };
    }),
    "aws:s3/bucketLogging:BucketLogging": ofBucket(({ targetBucket = null, targetPrefix = null }, bucket) => {
        bucket.LoggingConfiguration = { DestinationBucketName: targetBucket, LogFilePrefix: targetPrefix };
    }),
};

function ofBucket(into: Part["into"]): Part {
    return { of: "aws:s3/bucket:Bucket", by: "bucket", into };
}

/** CloudFormation has the filter and the expiration beside one another, not inside structures. */
function lifecycleRule({ id = null, status = null, filter = {}, expiration = {}, ...rest }: Values): Values {
    const { prefix = "" } = filter as Values;
    const { days, expiredObjectDeleteMarker } = expiration as Values;
    return {
        Id: id,
        Status: status,
        ...(prefix !== "" && { Prefix: prefix }),
        ...(days !== undefined && { ExpirationInDays: days }),
        ...(expiredObjectDeleteMarker !== undefined && { ExpiredObjectDeleteMarker: expiredObjectDeleteMarker }),
        ...capitalised(rest),
    };
}

/** Names as CloudFormation writes them where they differ by the first letter alone. */
function capitalised(value: Values): Values {
    const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
    const inner = (one: Value): Value =>
        typeof one === "object" && one !== null && !Array.isArray(one) ? capitalised(one) : one;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [upper(name), inner(one)]));
}
