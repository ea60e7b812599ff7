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
    {
        rule: "W2501",
        resource: /^AWS::RDS::DBInstance database$/,
        reason: "The program generates the password and Pulumi keeps it as a secret; this template shows what mocks make of it.",
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
    {
        rule: "CKV_AWS_18",
        resource: /^AWS::S3::Bucket object-store-(artifacts|backups)$/,
        reason: "Who read which object is CloudTrail's to tell, with data events of the account; a bucket of logs would be a third.",
    },
    {
        rule: "CKV_AWS_118",
        resource: /^AWS::RDS::DBInstance database$/,
        reason: "Performance Insights and CloudWatch measure it; processes of the host say little on an instance of this size.",
    },
    {
        rule: "CKV_AWS_157",
        resource: /^AWS::RDS::DBInstance database$/,
        reason: "In dev alone one zone must do; staging and prod stand in two, and policy holds them to it.",
    },
    {
        rule: "CKV_AWS_161",
        resource: /^AWS::RDS::DBInstance database$/,
        reason: "Neither Argo 4.0 nor MLflow can sign in with IAM's tokens: each consumer has a role and a password of its own.",
    },
];
