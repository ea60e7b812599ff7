import { Registration, toCloudFormation } from "../../support/cloudformation/convert";

const role: Registration = {
    type: "aws:iam/role:Role",
    name: "nodes",
    inputs: { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}', tags: { team: "a" } },
};
const group: Registration = {
    type: "aws:eks/nodeGroup:NodeGroup",
    name: "tune",
    inputs: {
        clusterName: "ml",
        nodeRoleArn: "arn",
        subnetIds: ["subnet-1"],
        scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 },
        taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }],
        tags: { team: "a" },
    },
};

const findings = (...registrations: Registration[]) => toCloudFormation(registrations).findings;

it("writes names, structures and tags as CloudFormation does", () => {
    const { template, findings: found, converted } = toCloudFormation([role, group]);

    expect(found).toEqual([]);
    expect(converted).toBe(2);
    expect(template.Resources).toEqual({
        Rolenodes: {
            Type: "AWS::IAM::Role",
            Properties: {
                AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
                Tags: [{ Key: "team", Value: "a" }],
            },
            Metadata: { name: "nodes" },
        },
        NodeGrouptune: {
            Type: "AWS::EKS::Nodegroup",
            Properties: {
                ClusterName: "ml",
                NodeRole: "arn",
                Subnets: ["subnet-1"],
                ScalingConfig: { MinSize: 0, MaxSize: 2, DesiredSize: 0 },
                Taints: [{ Key: "nvidia.com/gpu", Value: "true", Effect: "NO_SCHEDULE" }],
                Tags: { team: "a" },
            },
            Metadata: { name: "tune" },
        },
    });
});

it("writes an attachment as a part of its role", () => {
    const attachment = {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "pull",
        inputs: { role: "nodes-id", policyArn: "arn:pull" },
    };

    const { template, converted } = toCloudFormation([attachment, role]);

    expect(template.Resources.Rolenodes?.Properties.ManagedPolicyArns).toEqual(["arn:pull"]);
    expect(converted).toBe(2);
});

it("writes the settings of a bucket into it", () => {
    const bucket = (type: string, inputs: Registration["inputs"]): Registration => ({
        type: `aws:s3/${type}`,
        name: "store-artifacts",
        inputs: { bucket: "dev-artifacts", ...inputs },
    });
    const {
        template,
        findings: found,
        converted,
    } = toCloudFormation([
        bucket("bucket:Bucket", { forceDestroy: true }),
        bucket("bucketPublicAccessBlock:BucketPublicAccessBlock", { blockPublicAcls: true, ignorePublicAcls: true }),
        bucket("bucketVersioning:BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
        bucket("bucketOwnershipControls:BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }),
        bucket("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
            rules: [
                {
                    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key" },
                    bucketKeyEnabled: true,
                },
            ],
        }),
        bucket("bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
            rules: [
                {
                    id: "former",
                    status: "Enabled",
                    filter: { prefix: "" },
                    expiration: { expiredObjectDeleteMarker: true },
                    noncurrentVersionExpiration: { noncurrentDays: 30 },
                    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                },
            ],
        }),
        bucket("bucketPolicy:BucketPolicy", { policy: '{"Statement":[]}' }),
    ]);

    expect({ found, converted }).toEqual({ found: [], converted: 7 });
    expect(template.Resources["Bucketstoreartifacts"]?.Properties).toEqual({
        BucketName: "dev-artifacts",
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
        VersioningConfiguration: { Status: "Enabled" },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        BucketEncryption: {
            ServerSideEncryptionConfiguration: [
                {
                    BucketKeyEnabled: true,
                    ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key" },
                },
            ],
        },
        LifecycleConfiguration: {
            Rules: [
                {
                    Id: "former",
                    Status: "Enabled",
                    ExpiredObjectDeleteMarker: true,
                    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
                    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
                },
            ],
        },
    });
});

it("writes a database as CloudFormation does", () => {
    const { template, findings: found } = toCloudFormation([
        {
            type: "aws:rds/instance:Instance",
            name: "postgres",
            inputs: {
                identifier: "dev",
                engine: "postgres",
                instanceClass: "db.t4g.small",
                allocatedStorage: 20,
                manageMasterUserPassword: true,
                masterUserSecretKmsKeyId: "key",
                multiAz: true,
                vpcSecurityGroupIds: ["sg-1"],
                skipFinalSnapshot: true,
            },
        },
        {
            type: "aws:rds/parameterGroup:ParameterGroup",
            name: "postgres",
            inputs: { family: "postgres17", parameters: [{ name: "rds.force_ssl", value: "1" }] },
        },
    ]);

    expect(found).toEqual([]);
    expect(template.Resources["Instancepostgres"]?.Properties).toEqual({
        DBInstanceIdentifier: "dev",
        Engine: "postgres",
        DBInstanceClass: "db.t4g.small",
        AllocatedStorage: "20",
        ManageMasterUserPassword: true,
        MasterUserSecret: { KmsKeyId: "key" },
        MultiAZ: true,
        VPCSecurityGroups: ["sg-1"],
    });
    expect(template.Resources["ParameterGrouppostgres"]?.Properties).toMatchObject({
        Parameters: { "rds.force_ssl": "1" },
    });
});

it.each<[string, Registration, string]>([
    [
        "a property that AWS does not know",
        { ...group, inputs: { ...group.inputs, diskType: "gp3" } },
        "aws:eks/nodeGroup:NodeGroup tune: diskType is unknown to AWS::EKS::Nodegroup",
    ],
    [
        "a property of a structure that AWS does not know",
        { ...group, inputs: { ...group.inputs, scalingConfig: { least: 0 } } },
        "aws:eks/nodeGroup:NodeGroup tune: scalingConfig.least is unknown to AWS::EKS::Nodegroup",
    ],
    [
        "what is missing",
        { ...group, inputs: { clusterName: "ml", nodeRoleArn: "arn" } },
        "aws:eks/nodeGroup:NodeGroup tune: it lacks Subnets",
    ],
    [
        "a value of another type",
        { ...group, inputs: { ...group.inputs, scalingConfig: { minSize: "few" } } },
        'aws:eks/nodeGroup:NodeGroup tune: scalingConfig.minSize: "few" is not a number',
    ],
    [
        "a type that no rule converts",
        { type: "aws:lambda/function:Function", name: "f", inputs: {} },
        "aws:lambda/function:Function f: no rule says how CloudFormation writes it",
    ],
])("finds %s", (_, registration, finding) => {
    expect(findings(registration)).toEqual([finding]);
});
