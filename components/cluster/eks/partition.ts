/** A part of AWS with ARNs and DNS names of its own. */
export interface Partition {
    readonly partition: string;
    readonly dnsSuffix: string;
}

const PARTITIONS: readonly (Partition & { readonly prefix: string })[] = [
    { prefix: "cn-", partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
    { prefix: "us-gov-", partition: "aws-us-gov", dnsSuffix: "amazonaws.com" },
    { prefix: "eusc-", partition: "aws-eusc", dnsSuffix: "amazonaws.eu" },
    { prefix: "", partition: "aws", dnsSuffix: "amazonaws.com" },
];

/** By the region's name, so that no call to AWS is needed to write an ARN. */
export function partitionOf(region: string): Partition {
    const known = PARTITIONS.find(({ prefix }) => region.startsWith(prefix));
    return known ?? { partition: "aws", dnsSuffix: "amazonaws.com" };
}

/** Where IAM documents apply: what their ARNs and conditions are made of. */
export interface Account extends Partition {
    readonly region: string;
    readonly accountId: string;
}

/** An ARN of this account and region. */
export function arnOf({ partition, region, accountId }: Account, service: string, resource: string): string {
    return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** A policy that AWS writes. */
export function managedPolicyArn(region: string, policy: string): string {
    return `arn:${partitionOf(region).partition}:iam::aws:policy/${policy}`;
}
