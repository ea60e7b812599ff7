/** A finding of an independent judge that stays, by rule and part of the resource's name, with the reason. */
export interface Waiver {
    readonly rule: string;
    /** Matched against `<CloudFormation type> <name>`. */
    readonly resource: RegExp;
    readonly reason: string;
}

export const CFN_LINT_WAIVERS: readonly Waiver[] = [
    {
        rule: "W3010",
        resource: /^AWS::(EC2::Subnet|FSx::FileSystem) /,
        reason: "The stack file names its zones: a template for every region would look them up, a program for one need not.",
    },
];

export const CHECKOV_WAIVERS: readonly Waiver[] = [
    {
        rule: "CKV_AWS_33",
        resource: /^AWS::KMS::Key cluster-key$/,
        reason:
            "The statement for volumes is how AWS writes the policy of its own EBS key: conditions bind it to callers of " +
            "this account that come through EC2. Naming the auto scaling role fails where it does not exist yet.",
    },
    {
        rule: "CKV_AWS_27",
        resource: /^AWS::SQS::Queue karpenter-interruptions$/,
        reason:
            "Encrypted with keys of SQS, which checkov does not count: EventBridge would need rights on a key of ours, and " +
            "the messages hold nothing but instance ids.",
    },
    {
        rule: "CKV2_AWS_71",
        resource: /^AWS::CertificateManager::Certificate gateway$/,
        reason: "One certificate for every host below the platform's domain: teams and models get theirs without a request.",
    },
];
