import { documentOf, PolicyDocument, Statement } from "../iam";
import { Place } from "./place";

/** What Karpenter's rights are narrowed down to. */
export interface ControllerScope {
    readonly place: Place;
    readonly nodeRoleArn: string;
    readonly kmsKeyArn: string;
    readonly queueArn: string;
    /** No AWS API without a VPC endpoint is reached. */
    readonly isolated: boolean;
}

/** Rights of the controller by concern: one inline policy each. */
export interface ControllerPolicies {
    readonly nodes: PolicyDocument;
    readonly surroundings: PolicyDocument;
    readonly interruption: PolicyDocument;
    readonly discovery: PolicyDocument;
}

/**
 * What Karpenter's own CloudFormation template allows, less the making of instance profiles (the component makes the
 * one there is) and zonal shift (off), plus the use of the key that encrypts the nodes' disks.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export function controllerPolicies(scope: ControllerScope): ControllerPolicies {
    return {
        nodes: documentOf(...startNodes(scope.place), ...tagNodes(scope.place), ...endNodes(scope.place)),
        surroundings: documentOf(...surroundings(scope)),
        interruption: documentOf({
            Sid: "ReadInterruptions",
            Effect: "Allow",
            Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            Resource: scope.queueArn,
        }),
        discovery: documentOf(...discovery(scope)),
    };
}

const START = ["ec2:RunInstances", "ec2:CreateFleet"];

/** What a start makes; each is tagged as the cluster's in the same call. */
const MADE = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];

/** Tags by which this cluster's nodes are known from all others. */
function ownTags({ clusterName }: Place, kind: "RequestTag" | "ResourceTag"): Statement["Condition"] & object {
    const asked = kind === "RequestTag" ? { "aws:RequestTag/eks:eks-cluster-name": clusterName } : {};
    return {
        StringEquals: { [`aws:${kind}/kubernetes.io/cluster/${clusterName}`]: "owned", ...asked },
        StringLike: { [`aws:${kind}/karpenter.sh/nodepool`]: "*" },
    };
}

function inEc2({ partition, region }: Place, kinds: readonly string[], account = "*"): string[] {
    return kinds.map((kind) => `arn:${partition}:ec2:${region}:${account}:${kind}/*`);
}

function startNodes(place: Place): Statement[] {
    const used = ["security-group", "subnet", "capacity-reservation", "placement-group"];
    return [
        {
            Sid: "StartWithWhatExists",
            Effect: "Allow",
            Action: START,
            // Images and snapshots are often Amazon's: their ARNs name no account.
            Resource: [...inEc2(place, ["image", "snapshot"], ""), ...inEc2(place, used)],
        },
        {
            Sid: "StartFromOwnTemplates",
            Effect: "Allow",
            Action: START,
            Resource: inEc2(place, ["launch-template"]),
            Condition: ownTags(place, "ResourceTag"),
        },
        {
            Sid: "StartWhatIsTagged",
            Effect: "Allow",
            Action: [...START, "ec2:CreateLaunchTemplate"],
            Resource: inEc2(place, MADE),
            Condition: ownTags(place, "RequestTag"),
        },
    ];
}

function tagNodes(place: Place): Statement[] {
    const asked = ownTags(place, "RequestTag");
    return [
        {
            Sid: "TagAtTheStart",
            Effect: "Allow",
            Action: "ec2:CreateTags",
            Resource: inEc2(place, MADE),
            Condition: {
                ...asked,
                StringEquals: {
                    ...asked.StringEquals,
                    "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
                },
            },
        },
        {
            Sid: "TagOwnNodes",
            Effect: "Allow",
            Action: "ec2:CreateTags",
            Resource: inEc2(place, ["instance"]),
            Condition: {
                ...ownTags(place, "ResourceTag"),
                StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": place.clusterName },
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
                },
            },
        },
    ];
}

function endNodes(place: Place): Statement[] {
    return [
        {
            Sid: "EndOwnNodes",
            Effect: "Allow",
            Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            Resource: inEc2(place, ["instance", "launch-template"]),
            Condition: ownTags(place, "ResourceTag"),
        },
    ];
}

function surroundings({ place, nodeRoleArn, kmsKeyArn }: ControllerScope): Statement[] {
    const { partition, region, account, clusterName } = place;
    const throughEc2 = { "kms:ViaService": `ec2.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}` };
    return [
        {
            Sid: "GiveNodesTheirRole",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: nodeRoleArn,
            Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
        },
        {
            Sid: "FindTheApiServer",
            Effect: "Allow",
            Action: "eks:DescribeCluster",
            Resource: `arn:${partition}:eks:${region}:${account}:cluster/${clusterName}`,
        },
        // EC2 encrypts a new node's disks in the name of whoever starts it.
        {
            Sid: "EncryptDisks",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
            Resource: kmsKeyArn,
            Condition: { StringEquals: throughEc2 },
        },
        {
            Sid: "LetDisksUseTheKey",
            Effect: "Allow",
            Action: "kms:CreateGrant",
            Resource: kmsKeyArn,
            Condition: { StringEquals: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
    ];
}

function discovery({ place, isolated }: ControllerScope): Statement[] {
    const { partition, region, account } = place;
    const described = ["CapacityReservations", "Images", "Instances", "InstanceStatus", "InstanceTypeOfferings"];
    described.push(
        "InstanceTypes",
        "LaunchTemplates",
        "PlacementGroups",
        "SecurityGroups",
        "SpotPriceHistory",
        "Subnets",
    );
    const profiles = `arn:${partition}:iam::${account}:instance-profile/*`;
    // IAM and the price list have no endpoint within a VPC, so there Karpenter does not ask them.
    const outside: Statement[] = [
        { Sid: "ReadPrices", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
        { Sid: "ListInstanceProfiles", Effect: "Allow", Action: "iam:ListInstanceProfiles", Resource: "*" },
        { Sid: "ReadInstanceProfiles", Effect: "Allow", Action: "iam:GetInstanceProfile", Resource: profiles },
    ];
    return [
        {
            Sid: "ReadRegion",
            Effect: "Allow",
            Action: described.map((what) => `ec2:Describe${what}`),
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
        },
        {
            Sid: "FindImages",
            Effect: "Allow",
            Action: "ssm:GetParameter",
            Resource: `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
        },
        ...(isolated ? [] : outside),
    ];
}
