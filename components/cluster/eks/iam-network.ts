import { policy, PolicyDocument } from "./iam-document";
import { Account, arnOf } from "./partition";

/** Tag that the VPC CNI puts on the network interfaces it makes, with the cluster's name. */
export const CNI_CLUSTER_TAG = "cluster.k8s.amazonaws.com/name";

/** Tag of everything that the cluster owns; its value is `owned`. */
export const clusterTag = (clusterName: string): string => `kubernetes.io/cluster/${clusterName}`;

/**
 * The VPC CNI's rights on this cluster's interfaces, nodes and VPC. AWS's managed policy gives the same actions on
 * every interface of the account.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md
 */
export function vpcCniPolicy(account: Account, clusterName: string, vpcId: string): PolicyDocument {
    const interfaces = arnOf(account, "ec2", "network-interface/*");
    const securityGroups = arnOf(account, "ec2", "security-group/*");
    const vpc = { ArnEquals: { "ec2:Vpc": arnOf(account, "ec2", `vpc/${vpcId}`) } };
    return policy(
        {
            // EC2's Describe actions know no resources.
            Sid: "Look",
            Action: [
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
            ],
            Resource: "*",
        },
        { Sid: "TagInterfaces", Action: ["ec2:CreateTags"], Resource: interfaces },
        {
            Sid: "CreateTaggedInterfaces",
            Action: ["ec2:CreateNetworkInterface"],
            Resource: interfaces,
            Condition: { StringEquals: { [`aws:RequestTag/${CNI_CLUSTER_TAG}`]: clusterName } },
        },
        {
            Sid: "CreateInterfacesInTheVpc",
            Action: ["ec2:CreateNetworkInterface"],
            Resource: [arnOf(account, "ec2", "subnet/*"), securityGroups],
            Condition: vpc,
        },
        {
            Sid: "ChangeOwnInterfaces",
            Action: [
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses",
            ],
            Resource: interfaces,
            Condition: { StringEquals: { [`aws:ResourceTag/${CNI_CLUSTER_TAG}`]: clusterName } },
        },
        {
            Sid: "AttachToOwnNodes",
            Action: ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
            Resource: arnOf(account, "ec2", "instance/*"),
            Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag(clusterName)}`]: "owned" } },
        },
        {
            Sid: "SecurityGroupsOfTheVpc",
            Action: ["ec2:ModifyNetworkInterfaceAttribute"],
            Resource: securityGroups,
            Condition: vpc,
        },
    );
}

/** VPC flow logs write to one log group. */
export function flowLogPolicy(account: Account, logGroupArn: string): PolicyDocument {
    return policy(
        {
            Sid: "Write",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [logGroupArn, `${logGroupArn}:*`],
        },
        { Sid: "Find", Action: ["logs:DescribeLogGroups"], Resource: arnOf(account, "logs", "log-group:*") },
    );
}
