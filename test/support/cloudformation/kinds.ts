import { DATA_KINDS, DATA_PARTS } from "./data-kinds";
import { json, Kind, list, Part, present, Value, Values, without } from "./kind";

export type { Kind, Part, Value, Values } from "./kind";

const REPLACING = "how Terraform's provider updates";

const rule = (inputs: Values): Values => {
    // -1 stands for every port in both worlds, but only without a range.
    return inputs.ipProtocol === "-1" ? without(inputs, "fromPort", "toPort") : inputs;
};

export const KINDS: Readonly<Record<string, Kind>> = {
    "aws:ec2/vpc:Vpc": { type: "AWS::EC2::VPC" },
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": { type: "AWS::EC2::VPCCidrBlock" },
    "aws:ec2/subnet:Subnet": { type: "AWS::EC2::Subnet" },
    "aws:ec2/internetGateway:InternetGateway": {
        type: "AWS::EC2::InternetGateway",
        ours: { vpcId: "the attachment, a resource of its own in CloudFormation" },
    },
    "aws:ec2/eip:Eip": { type: "AWS::EC2::EIP" },
    "aws:ec2/natGateway:NatGateway": { type: "AWS::EC2::NatGateway" },
    "aws:ec2/routeTable:RouteTable": { type: "AWS::EC2::RouteTable" },
    "aws:ec2/route:Route": { type: "AWS::EC2::Route" },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": { type: "AWS::EC2::SubnetRouteTableAssociation" },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        type: "AWS::EC2::VPCEndpoint",
        renamed: { policy: "PolicyDocument" },
        shape: (inputs) => ("policy" in inputs ? { ...inputs, policy: json(inputs.policy) } : inputs),
    },
    "aws:ec2/flowLog:FlowLog": {
        type: "AWS::EC2::FlowLog",
        renamed: { iamRoleArn: "DeliverLogsPermissionArn" },
        shape: (inputs) => ({ ...without(inputs, "vpcId"), resourceId: inputs.vpcId ?? null, resourceType: "VPC" }),
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        type: "AWS::EC2::SecurityGroup",
        renamed: { description: "GroupDescription", name: "GroupName" },
        ours: { revokeRulesOnDelete: REPLACING },
        shape: (inputs) => ({ description: "Managed by Pulumi", ...inputs }),
    },
    "aws:ec2/securityGroupRule:SecurityGroupRule": {
        type: "AWS::EC2::SecurityGroupEgress",
        renamed: { protocol: "IpProtocol", securityGroupId: "GroupId" },
        shape: (inputs) => {
            const [cidrIp = null] = list(inputs.cidrBlocks);
            return { ...without(inputs, "cidrBlocks", "type"), cidrIp };
        },
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        type: "AWS::EC2::SecurityGroupIngress",
        renamed: {
            securityGroupId: "GroupId",
            referencedSecurityGroupId: "SourceSecurityGroupId",
            cidrIpv4: "CidrIp",
        },
        ours: { tags: "CloudFormation cannot tag a rule" },
        shape: rule,
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        type: "AWS::EC2::SecurityGroupEgress",
        renamed: {
            securityGroupId: "GroupId",
            referencedSecurityGroupId: "DestinationSecurityGroupId",
            cidrIpv4: "CidrIp",
        },
        ours: { tags: "CloudFormation cannot tag a rule" },
        shape: rule,
    },
    "aws:ec2/placementGroup:PlacementGroup": {
        type: "AWS::EC2::PlacementGroup",
        ours: { name: "CloudFormation names it itself" },
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        type: "AWS::EC2::LaunchTemplate",
        renamed: {
            "launchTemplateData.vpcSecurityGroupIds": "SecurityGroupIds",
            "launchTemplateData.networkInterfaces.securityGroups": "Groups",
        },
        ours: { updateDefaultVersion: REPLACING },
        shape: ({
            name = null,
            namePrefix: _,
            tags = {},
            description = null,
            updateDefaultVersion = null,
            ...data
        }) => ({
            ...(name !== null && { launchTemplateName: name }),
            ...(description !== null && { versionDescription: description }),
            ...(updateDefaultVersion !== null && { updateDefaultVersion }),
            tagSpecifications: [{ resourceType: "launch-template", tags }],
            launchTemplateData: data,
        }),
    },
    "aws:kms/key:Key": {
        type: "AWS::KMS::Key",
        renamed: { policy: "KeyPolicy", deletionWindowInDays: "PendingWindowInDays" },
        shape: (inputs) => ({ ...inputs, policy: json(inputs.policy) }),
    },
    "aws:kms/alias:Alias": { type: "AWS::KMS::Alias", renamed: { name: "AliasName" } },
    "aws:cloudwatch/logGroup:LogGroup": { type: "AWS::Logs::LogGroup", renamed: { name: "LogGroupName" } },
    "aws:iam/role:Role": {
        type: "AWS::IAM::Role",
        renamed: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
        ours: { forceDetachPolicies: REPLACING },
        shape: (inputs) => ({ ...inputs, assumeRolePolicy: json(inputs.assumeRolePolicy) }),
    },
    "aws:iam/rolePolicy:RolePolicy": {
        type: "AWS::IAM::RolePolicy",
        renamed: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
        // Pulumi makes the name of what has none from that of the resource.
        shape: (inputs, name) => ({ name, ...inputs, policy: json(inputs.policy) }),
    },
    "aws:iam/policy:Policy": {
        type: "AWS::IAM::ManagedPolicy",
        renamed: { name: "ManagedPolicyName", policy: "PolicyDocument" },
        ours: { tags: "CloudFormation cannot tag a managed policy" },
        shape: (inputs) => ({ ...inputs, policy: json(inputs.policy) }),
    },
    "aws:iam/instanceProfile:InstanceProfile": {
        type: "AWS::IAM::InstanceProfile",
        renamed: { name: "InstanceProfileName", role: "Roles" },
        ours: { tags: "CloudFormation cannot tag an instance profile" },
        shape: (inputs) => ({ ...inputs, role: [inputs.role ?? null] }),
    },
    "aws:eks/cluster:Cluster": {
        type: "AWS::EKS::Cluster",
        renamed: {
            vpcConfig: "ResourcesVpcConfig",
            "vpcConfig.publicAccessCidrs": "PublicAccessCidrs",
            "encryptionConfig.provider.keyArn": "KeyArn",
        },
        shape: ({ enabledClusterLogTypes = [], encryptionConfig = null, ...rest }) => ({
            ...rest,
            ...(encryptionConfig !== null && { encryptionConfig: [encryptionConfig] }),
            logging: { clusterLogging: { enabledTypes: list(enabledClusterLogTypes).map((type) => ({ type })) } },
        }),
    },
    "aws:eks/nodeGroup:NodeGroup": {
        type: "AWS::EKS::Nodegroup",
        renamed: { nodeRoleArn: "NodeRole", subnetIds: "Subnets", nodeGroupName: "NodegroupName" },
    },
    "aws:eks/addon:Addon": {
        type: "AWS::EKS::Addon",
        renamed: { preserve: "PreserveOnDelete", resolveConflictsOnUpdate: "ResolveConflicts" },
        ours: { resolveConflictsOnCreate: "CloudFormation has one setting for both" },
    },
    "aws:eks/accessEntry:AccessEntry": { type: "AWS::EKS::AccessEntry" },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": { type: "AWS::EKS::PodIdentityAssociation" },
    "aws:ecr/repository:Repository": {
        type: "AWS::ECR::Repository",
        renamed: { name: "RepositoryName", forceDelete: "EmptyOnDelete" },
        shape: ({ encryptionConfigurations = [], ...rest }) => ({
            ...rest,
            encryptionConfiguration: list(encryptionConfigurations)[0] ?? null,
        }),
    },
    "aws:sqs/queue:Queue": {
        type: "AWS::SQS::Queue",
        renamed: {
            name: "QueueName",
            messageRetentionSeconds: "MessageRetentionPeriod",
            visibilityTimeoutSeconds: "VisibilityTimeout",
        },
    },
    "aws:sqs/queuePolicy:QueuePolicy": {
        type: "AWS::SQS::QueuePolicy",
        renamed: { policy: "PolicyDocument", queueUrl: "Queues" },
        shape: ({ policy = null, queueUrl = null }) => ({ policy: json(policy), queueUrl: [queueUrl] }),
    },
    "aws:cloudwatch/eventRule:EventRule": {
        type: "AWS::Events::Rule",
        shape: (inputs) => ({ ...inputs, eventPattern: json(inputs.eventPattern) }),
    },
    "aws:efs/fileSystem:FileSystem": {
        type: "AWS::EFS::FileSystem",
        renamed: {
            protection: "FileSystemProtection",
            "protection.replicationOverwrite": "ReplicationOverwriteProtection",
        },
        ours: { creationToken: "makes Terraform's creation idempotent" },
        shape: ({ lifecyclePolicies = [], ...rest }) => ({
            ...rest,
            ...(list(lifecyclePolicies).length > 0 && { lifecyclePolicies }),
        }),
    },
    "aws:efs/mountTarget:MountTarget": { type: "AWS::EFS::MountTarget" },
    "aws:fsx/lustreFileSystem:LustreFileSystem": {
        type: "AWS::FSx::FileSystem",
        shape: ({
            subnetIds = null,
            securityGroupIds = null,
            storageCapacity = null,
            storageType = null,
            kmsKeyId = null,
            tags = null,
            fileSystemTypeVersion = null,
            ...lustre
        }) => ({
            fileSystemType: "LUSTRE",
            subnetIds: typeof subnetIds === "string" ? [subnetIds] : subnetIds,
            ...present({ securityGroupIds, storageCapacity, storageType, kmsKeyId, tags, fileSystemTypeVersion }),
            lustreConfiguration: lustre,
        }),
    },
    "aws:budgets/budget:Budget": {
        type: "AWS::Budgets::Budget",
        renamed: { tags: "ResourceTags" },
        shape: ({
            notifications = [],
            tags = null,
            limitAmount = null,
            limitUnit = null,
            name = null,
            costFilters = [],
            ...rest
        }) => ({
            budget: {
                ...rest,
                budgetName: name,
                budgetLimit: { amount: Number(limitAmount), unit: limitUnit },
                ...(list(costFilters).length > 0 && {
                    costFilters: Object.fromEntries(
                        (list(costFilters) as { name: string; values: Value }[]).map((one) => [one.name, one.values]),
                    ),
                }),
            },
            notificationsWithSubscribers: list(notifications).map((one) => notification(one as Values)),
            ...present({ tags }),
        }),
    },
    "aws:acm/certificate:Certificate": { type: "AWS::CertificateManager::Certificate" },
    "aws:route53/record:Record": {
        type: "AWS::Route53::RecordSet",
        renamed: { zoneId: "HostedZoneId", records: "ResourceRecords" },
        ours: { allowOverwrite: REPLACING },
        shape: (inputs) => ("ttl" in inputs ? { ...inputs, ttl: String(Number(inputs.ttl)) } : inputs),
    },
    ...DATA_KINDS,
};

export const PARTS: Readonly<Record<string, Part>> = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        of: "aws:iam/role:Role",
        by: "role",
        into: ({ policyArn = null }, role) => {
            role.ManagedPolicyArns = [...list(role.ManagedPolicyArns), policyArn];
        },
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        of: "aws:eks/accessEntry:AccessEntry",
        by: "principalArn",
        into: ({ policyArn = null, accessScope = {} }, entry) => {
            const { type, namespaces } = accessScope as Values;
            const scope = { Type: type ?? null, ...(namespaces !== undefined && { Namespaces: namespaces }) };
            entry.AccessPolicies = [...list(entry.AccessPolicies), { PolicyArn: policyArn, AccessScope: scope }];
        },
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        of: "aws:ecr/repository:Repository",
        by: "repository",
        into: ({ policy = null }, repository) => {
            repository.LifecyclePolicy = { LifecyclePolicyText: policy };
        },
    },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {
        of: "aws:ecr/repository:Repository",
        by: "repository",
        into: ({ policy = null }, repository) => {
            repository.RepositoryPolicyText = json(policy);
        },
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        of: "aws:cloudwatch/eventRule:EventRule",
        by: "rule",
        into: ({ arn = null, targetId = "target" }, rule) => {
            rule.Targets = [...list(rule.Targets), { Arn: arn, Id: targetId }];
        },
    },
    "aws:efs/backupPolicy:BackupPolicy": {
        of: "aws:efs/fileSystem:FileSystem",
        by: "fileSystemId",
        into: ({ backupPolicy = {} }, fileSystem) => {
            fileSystem.BackupPolicy = { Status: (backupPolicy as Values).status ?? null };
        },
    },
    ...DATA_PARTS,
};

/** Resources without a counterpart in CloudFormation, each with the reason. */
export const WITHOUT_COUNTERPART: Readonly<Record<string, string>> = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "CloudFormation cannot take over a VPC's default group",
    "aws:acm/certificateValidation:CertificateValidation": "waits, and makes nothing",
};

function notification({ subscriberEmailAddresses = [], ...rest }: Values): Values {
    const subscribers = list(subscriberEmailAddresses).map((address) => ({ address, subscriptionType: "EMAIL" }));
    return { notification: rest, subscribers };
}
