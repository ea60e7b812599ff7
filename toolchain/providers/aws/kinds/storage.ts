import { JsonObject, UNKNOWN } from "../../base/json";
import { CheckFailure } from "../../base/provider";
import { ACCOUNT, arn, AwsKind, AwsKinds, text } from "../kind";
import { valuesAt } from "../references";
import { policyFailures } from "./identity";

const SERVICE = "hashicorp/terraform-provider-aws internal/service";
const key = (path: string) => ({ path, to: ["aws:kms/key:Key"], blocks: false }) as const;
const subnets = { path: "subnetIds", to: ["aws:ec2/subnet:Subnet"], blocks: true } as const;
const groups = (path: string) => ({ path, to: ["aws:ec2/securityGroup:SecurityGroup"], blocks: true }) as const;

const bucket: AwsKind = {
    source: `${SERVICE}/s3/bucket.go`,
    named: "bucket",
    id: ({ inputs }) => text(inputs.bucket),
    defaults: { forceDestroy: false, objectLockEnabled: false },
    replaces: ["bucket", "bucketPrefix", "objectLockEnabled"],
    computed: (made, id) => ({
        arn: `arn:aws:s3:::${id}`,
        bucketDomainName: `${id}.s3.amazonaws.com`,
        bucketRegion: made.region,
        bucketRegionalDomainName: `${id}.s3.${made.region}.amazonaws.com`,
        hostedZoneId: "Z0SIMULATED",
    }),
    validate: ({ bucket: name }) =>
        typeof name !== "string" || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
            ? []
            : [{ property: "bucket", reason: `${name} is not allowed: 3 to 63 of a-z, 0-9, dots and dashes` }],
};

/** One setting of a bucket: it goes with the bucket. */
function ofBucket(source: string, more: Partial<AwsKind> = {}): AwsKind {
    return {
        source: `${SERVICE}/s3/${source}`,
        id: ({ inputs }) => text(inputs.bucket),
        replaces: ["bucket"],
        references: [{ path: "bucket", to: ["aws:s3/bucket:Bucket"], blocks: false }],
        ...more,
    };
}

const OF_OWNER = { replaces: ["bucket", "expectedBucketOwner"] };

const EFS = `${SERVICE}/efs`;
const ofFileSystem = { path: "fileSystemId", to: ["aws:efs/fileSystem:FileSystem"], blocks: false } as const;
const fileSystemArn = (region: string, { fileSystemId }: JsonObject): string =>
    arn("elasticfilesystem", region, `file-system/${text(fileSystemId)}`);

const fileSystem: AwsKind = {
    source: `${EFS}/file_system.go`,
    id: (made) => `fs-${made.hex(17)}`,
    defaults: { performanceMode: "generalPurpose", throughputMode: "bursting" },
    replaces: ["creationToken"],
    computed: (made, id) => ({
        arn: arn("elasticfilesystem", made.region, `file-system/${id}`),
        creationToken: made.inputs.creationToken ?? `pulumi-${made.hex(20)}`,
        dnsName: `${id}.efs.${made.region}.amazonaws.com`,
    }),
    references: [key("kmsKeyId")],
};

const mountTarget: AwsKind = {
    source: `${EFS}/mount_target.go`,
    id: (made) => `fsmt-${made.hex(17)}`,
    computed: (made) => ({
        dnsName: `${text(made.inputs.fileSystemId)}.efs.${made.region}.amazonaws.com`,
        fileSystemArn: fileSystemArn(made.region, made.inputs),
        networkInterfaceId: `eni-${made.hex(17)}`,
    }),
    references: [
        { ...ofFileSystem, blocks: true },
        { path: "subnetId", to: ["aws:ec2/subnet:Subnet"], blocks: true },
        groups("securityGroups"),
    ],
};

const accessPoint: AwsKind = {
    source: `${EFS}/access_point.go`,
    id: (made) => `fsap-${made.hex(17)}`,
    computed: (made, id) => ({
        arn: arn("elasticfilesystem", made.region, `access-point/${id}`),
        fileSystemArn: fileSystemArn(made.region, made.inputs),
    }),
    references: [ofFileSystem],
};

const ofOneFileSystem = (source: string): AwsKind => ({
    source: `${EFS}/${source}`,
    id: ({ inputs }) => text(inputs.fileSystemId),
    replaces: ["fileSystemId"],
    references: [ofFileSystem],
});

const lustre: AwsKind = {
    source: `${SERVICE}/fsx/lustre_file_system.go`,
    id: (made) => `fs-${made.hex(17)}`,
    defaults: { storageType: "SSD" },
    replaces: [
        ...["backupId", "copyTagsToBackups", "deploymentType", "driveCacheType", "fileSystemTypeVersion"],
        ...["importPath", "exportPath", "importedFileChunkSize", "kmsKeyId", "securityGroupIds", "storageType"],
        "subnetIds",
    ],
    computed: (made, id) => ({
        arn: arn("fsx", made.region, `file-system/${id}`),
        dnsName: `${id}.fsx.${made.region}.amazonaws.com`,
        mountName: made.hex(8),
    }),
    references: [subnets, groups("securityGroupIds"), key("kmsKeyId")],
};

const ECR = `${SERVICE}/ecr`;
const ofRepository = { path: "repository", to: ["aws:ecr/repository:Repository"], blocks: false } as const;

const repository: AwsKind = {
    source: `${ECR}/repository.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: { imageTagMutability: "MUTABLE" },
    replaces: ["encryptionConfigurations", "name"],
    computed: (made, id) => ({
        arn: arn("ecr", made.region, `repository/${id}`),
        registryId: ACCOUNT,
        repositoryUrl: `${ACCOUNT}.dkr.ecr.${made.region}.amazonaws.com/${id}`,
    }),
    references: [key("encryptionConfigurations.*.kmsKey")],
};

const ofOneRepository = (source: string): AwsKind => ({
    source: `${ECR}/${source}`,
    id: ({ inputs }) => text(inputs.repository),
    replaces: ["repository"],
    computed: () => ({ registryId: ACCOUNT }),
    references: [ofRepository],
});

const pullThroughCacheRule: AwsKind = {
    source: `${ECR}/pull_through_cache_rule.go`,
    id: ({ inputs }) => text(inputs.ecrRepositoryPrefix),
    updatable: ["credentialArn", "customRoleArn"],
    computed: () => ({ registryId: ACCOUNT }),
};

const registryScanning: AwsKind = {
    source: `${ECR}/registry_scanning_configuration.go`,
    id: () => ACCOUNT,
    computed: () => ({ registryId: ACCOUNT }),
};

const RDS = `${SERVICE}/rds`;

/** What RDS refuses of gp3 storage, names and backups. @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function databaseFailures(inputs: JsonObject): CheckFailure[] {
    const failures: CheckFailure[] = [];
    const refuse = (property: string, reason: string) => failures.push({ property, reason });
    const { identifier, allocatedStorage: size, maxAllocatedStorage: most, backupRetentionPeriod: days } = inputs;
    const isName = typeof identifier === "string" && identifier !== UNKNOWN;
    if (isName && !/^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(identifier)) {
        refuse("identifier", `${identifier} is not allowed: 2 to 63 of a-z, 0-9 and single dashes, a letter first`);
    }
    if (typeof size === "number" && (size < 20 || size > 65536)) {
        refuse("allocatedStorage", `${size} is not allowed: 20 to 65536 GiB`);
    }
    if (typeof size === "number" && typeof most === "number" && most !== 0 && most < size * 1.1) {
        refuse("maxAllocatedStorage", `${most} is not allowed: at least a tenth more than allocatedStorage, ${size}`);
    }
    if (typeof days === "number" && (days < 0 || days > 35)) {
        refuse("backupRetentionPeriod", `${days} is not allowed: 0 to 35 days`);
    }
    return failures;
}

const database: AwsKind = {
    source: `${RDS}/instance.go`,
    named: "identifier",
    id: (made) => `db-${made.hex(26).toUpperCase()}`,
    defaults: { backupRetentionPeriod: 0, deletionProtection: false, port: 5432, skipFinalSnapshot: false },
    replaces: [
        ...["availabilityZone", "characterSetName", "customIamInstanceProfile", "dbName", "engine", "kmsKeyId"],
        ...["ncharCharacterSetName", "snapshotIdentifier", "storageEncrypted", "timezone", "username"],
    ],
    computed: (made, id) => {
        const address = `${text(made.inputs.identifier)}.simulated.${made.region}.rds.amazonaws.com`;
        const port = typeof made.inputs.port === "number" ? made.inputs.port : 5432;
        return {
            address,
            arn: arn("rds", made.region, `db:${text(made.inputs.identifier)}`),
            endpoint: `${address}:${port}`,
            engineVersionActual: text(made.inputs.engineVersion, "0-simulated"),
            hostedZoneId: "Z0SIMULATED",
            masterUserSecrets:
                made.inputs.manageMasterUserPassword === true
                    ? [{ secretArn: arn("secretsmanager", made.region, `secret:rds!${id}`), secretStatus: "active" }]
                    : [],
            resourceId: id,
            status: "available",
        };
    },
    references: [
        { path: "dbSubnetGroupName", to: ["aws:rds/subnetGroup:SubnetGroup"], blocks: true },
        { path: "parameterGroupName", to: ["aws:rds/parameterGroup:ParameterGroup"], blocks: true },
        groups("vpcSecurityGroupIds"),
        key("kmsKeyId"),
        key("performanceInsightsKmsKeyId"),
    ],
    validate: databaseFailures,
    refusesDelete: ({ outputs }) => {
        if (outputs.deletionProtection === true) return "InvalidParameterCombination: deletion protection is enabled";
        if (outputs.skipFinalSnapshot === true || outputs.finalSnapshotIdentifier !== undefined) return undefined;
        return "finalSnapshotIdentifier is required when skipFinalSnapshot is false";
    },
};

const named = (source: string, resource: string, more: Partial<AwsKind>): AwsKind => ({
    source: `${RDS}/${source}`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    computed: (made, id) => ({ arn: arn("rds", made.region, `${resource}:${id}`) }),
    ...more,
});

export const STORAGE: AwsKinds = {
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        ...ofOneRepository("lifecycle_policy.go"),
        replaces: ["policy", "repository"],
    },
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": pullThroughCacheRule,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": registryScanning,
    "aws:ecr/repository:Repository": repository,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ofOneRepository("repository_policy.go"),
    "aws:efs/accessPoint:AccessPoint": accessPoint,
    "aws:efs/backupPolicy:BackupPolicy": ofOneFileSystem("backup_policy.go"),
    "aws:efs/fileSystem:FileSystem": fileSystem,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": ofOneFileSystem("file_system_policy.go"),
    "aws:efs/mountTarget:MountTarget": mountTarget,
    "aws:fsx/lustreFileSystem:LustreFileSystem": lustre,
    "aws:rds/instance:Instance": database,
    "aws:rds/parameterGroup:ParameterGroup": named("parameter_group.go", "pg", {
        replaces: ["description", "family", "name", "namePrefix"],
    }),
    "aws:rds/subnetGroup:SubnetGroup": named("subnet_group.go", "subgrp", {
        replaces: ["name", "namePrefix"],
        references: [{ ...subnets, blocks: true }],
        refusesCreate: ({ inputs }, store) => {
            const zones = valuesAt(inputs, "subnetIds").map(
                (id) => store.named("aws:ec2/subnet:Subnet", id)?.outputs.availabilityZone,
            );
            if (new Set(zones).size >= 2) return undefined;
            return "DBSubnetGroupDoesNotCoverEnoughAZs: subnetIds must be in at least two availability zones";
        },
    }),
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(
        "bucket_lifecycle_configuration.go",
        OF_OWNER,
    ),
    "aws:s3/bucketLogging:BucketLogging": ofBucket("bucket_logging.go", OF_OWNER),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket("bucket_ownership_controls.go"),
    "aws:s3/bucketPolicy:BucketPolicy": ofBucket("bucket_policy.go", {
        validate: (inputs) => policyFailures(inputs, "policy"),
    }),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket("bucket_public_access_block.go"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(
        "bucket_server_side_encryption_configuration.go",
        OF_OWNER,
    ),
    "aws:s3/bucketVersioning:BucketVersioning": ofBucket("bucket_versioning.go", OF_OWNER),
};
