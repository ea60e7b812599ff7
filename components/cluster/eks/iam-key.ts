import { policy, PolicyDocument } from "./iam-document";
import { Account, arnOf } from "./partition";

/**
 * Who may use the cluster's key: the account's own IAM policies, CloudWatch for the named log groups, and EBS for
 * whoever may use EBS in the account. The last is how AWS writes the policy of its own EBS key; naming the auto scaling
 * service's role instead fails in an account where no group was ever scaled, for the role is not there yet.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function keyPolicy(account: Account, logGroups: readonly string[]): PolicyDocument {
    const { partition, dnsSuffix, region, accountId } = account;
    return policy(
        {
            Sid: "AccountsOwnPolicies",
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: ["kms:*"],
            Resource: "*",
        },
        {
            Sid: "LogGroups",
            Principal: { Service: `logs.${region}.${dnsSuffix}` },
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            Resource: "*",
            Condition: {
                // Groups may end with a star.
                ArnLike: {
                    "kms:EncryptionContext:aws:logs:arn": logGroups.map((group) =>
                        arnOf(account, "logs", `log-group:${group}`),
                    ),
                },
            },
        },
        {
            Sid: "Volumes",
            Principal: { AWS: "*" },
            Action: [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:CreateGrant",
                "kms:DescribeKey",
            ],
            Resource: "*",
            Condition: {
                StringEquals: {
                    "kms:CallerAccount": accountId,
                    "kms:ViaService": `ec2.${region}.${dnsSuffix}`,
                },
            },
        },
    );
}

/** What the control plane does with the key that envelopes Kubernetes secrets. */
export function secretsKeyPolicy(keyArn: string): PolicyDocument {
    return policy({
        Sid: "SecretsKey",
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
        Resource: keyArn,
    });
}
