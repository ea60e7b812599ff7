import { policy, PolicyDocument, Statement } from "./iam-document";
import { clusterTag } from "./iam-network";
import { Account, arnOf } from "./partition";

/** Tags that the EBS and EFS drivers put on what they make. */
const EBS_TAG = "ebs.csi.aws.com/cluster";
const EFS_TAG = "efs.csi.aws.com/cluster";

/**
 * The EBS CSI driver: it changes what carries its own tag, and attaches to this cluster's nodes only.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/example-iam-policy.json
 */
export function ebsCsiPolicy(account: Account, clusterName: string): PolicyDocument {
    const { partition, region } = account;
    const volumes = arnOf(account, "ec2", "volume/*");
    // Snapshots have no account in their ARN.
    const snapshots = `arn:${partition}:ec2:${region}::snapshot/*`;
    const requested = { StringEquals: { [`aws:RequestTag/${EBS_TAG}`]: "true" } };
    const owned = { StringEquals: { [`aws:ResourceTag/${EBS_TAG}`]: "true" } };
    return policy(
        {
            Sid: "Look",
            Action: [
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeSnapshots",
                "ec2:DescribeTags",
                "ec2:DescribeVolumeStatus",
                "ec2:DescribeVolumes",
                "ec2:DescribeVolumesModifications",
            ],
            Resource: "*",
        },
        { Sid: "CreateVolumes", Action: ["ec2:CreateVolume"], Resource: volumes, Condition: requested },
        { Sid: "RestoreSnapshots", Action: ["ec2:CreateVolume"], Resource: snapshots },
        { Sid: "CreateSnapshots", Action: ["ec2:CreateSnapshot"], Resource: snapshots, Condition: requested },
        {
            Sid: "ChangeOwnVolumes",
            Action: ["ec2:CreateSnapshot", "ec2:DeleteVolume", "ec2:ModifyVolume"],
            Resource: volumes,
            Condition: owned,
        },
        { Sid: "DeleteOwnSnapshots", Action: ["ec2:DeleteSnapshot"], Resource: snapshots, Condition: owned },
        { Sid: "AttachOwnVolumes", Action: ATTACH, Resource: volumes, Condition: owned },
        {
            Sid: "AttachToOwnNodes",
            Action: ATTACH,
            Resource: arnOf(account, "ec2", "instance/*"),
            Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag(clusterName)}`]: "owned" } },
        },
        {
            Sid: "TagWhatItMakes",
            Action: ["ec2:CreateTags"],
            Resource: [volumes, snapshots],
            Condition: { StringEquals: { "ec2:CreateAction": ["CreateVolume", "CreateSnapshot"] } },
        },
    );
}

const ATTACH: Statement["Action"] = ["ec2:AttachVolume", "ec2:DetachVolume"];

/**
 * The EFS CSI driver: access points of one file system, which it tags.
 *
 * @see https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/iam-policy-example.json
 */
export function efsCsiPolicy(account: Account, fileSystemArn: string): PolicyDocument {
    const accessPoints = arnOf(account, "elasticfilesystem", "access-point/*");
    const requested = { StringEquals: { [`aws:RequestTag/${EFS_TAG}`]: "true" } };
    return policy(
        { Sid: "Zones", Action: ["ec2:DescribeAvailabilityZones"], Resource: "*" },
        {
            Sid: "Look",
            Action: [
                "elasticfilesystem:DescribeAccessPoints",
                "elasticfilesystem:DescribeFileSystems",
                "elasticfilesystem:DescribeMountTargets",
            ],
            Resource: [fileSystemArn, accessPoints],
        },
        {
            Sid: "CreateAccessPoints",
            Action: ["elasticfilesystem:CreateAccessPoint"],
            Resource: fileSystemArn,
            Condition: requested,
        },
        {
            Sid: "TagWhatItMakes",
            Action: ["elasticfilesystem:TagResource"],
            Resource: [fileSystemArn, accessPoints],
            Condition: {
                StringEquals: { ...requested.StringEquals, "elasticfilesystem:CreateAction": "CreateAccessPoint" },
            },
        },
        {
            Sid: "DeleteOwnAccessPoints",
            Action: ["elasticfilesystem:DeleteAccessPoint"],
            Resource: accessPoints,
            Condition: { StringEquals: { [`aws:ResourceTag/${EFS_TAG}`]: "true" } },
        },
    );
}

/** The FSx CSI driver mounts the file system that the component made, and makes none. */
export function fsxCsiPolicy(account: Account): PolicyDocument {
    return policy({
        Sid: "Look",
        Action: ["fsx:DescribeFileSystems"],
        Resource: arnOf(account, "fsx", "file-system/*"),
    });
}
