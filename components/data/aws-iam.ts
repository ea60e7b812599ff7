import { ObjectPermission, ObjectRight } from "./object-permission";
import { BucketNames } from "./seaweedfs-identity";

/** Part of an IAM policy document. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Statement {
    readonly Sid: string;
    readonly Effect: "Allow" | "Deny";
    readonly Principal?: "*" | { readonly Service: string };
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
    readonly Version: "2012-10-17";
    readonly Statement: readonly Statement[];
}

export function documentOf(...statements: readonly Statement[]): PolicyDocument {
    return { Version: "2012-10-17", Statement: statements };
}

/** The service account that takes a role. */
export interface PodSubject {
    readonly clusterName: string;
    readonly namespace: string;
    readonly serviceAccount: string;
}

/** A key's ARN names partition, region and account: nothing has to be asked of AWS. */
export function placeOfKey(arn: string): { partition: string; region: string; account: string } {
    const [, partition, , region, account] = arn.split(":");
    if (partition === undefined || region === undefined || account === undefined) {
        throw new Error(`${arn} is not the ARN of a key`);
    }
    return { partition, region, account };
}

/**
 * Who may take the role: EKS' agent on the nodes, for this service account of this cluster only.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function podTrust(account: string, { clusterName, namespace, serviceAccount }: PodSubject): PolicyDocument {
    return documentOf({
        Sid: "PodIdentity",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
            StringEquals: {
                "aws:SourceAccount": account,
                "aws:RequestTag/eks-cluster-name": clusterName,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": serviceAccount,
            },
        },
    });
}

const ON_OBJECTS: Record<ObjectRight, readonly string[]> = {
    [ObjectRight.Read]: ["s3:GetObject"],
    [ObjectRight.Write]: [
        ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    ],
};
const ON_KEY: Record<ObjectRight, readonly string[]> = {
    [ObjectRight.Read]: ["kms:Decrypt"],
    [ObjectRight.Write]: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/**
 * Objects below the prefixes, their names and nobody else's, and the key through S3 alone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html
 */
export function objectPolicy(
    permissions: readonly ObjectPermission[],
    buckets: BucketNames,
    kmsKeyArn: string,
): PolicyDocument {
    const { partition, region } = placeOfKey(kmsKeyArn);
    const arn = (path: string) => `arn:${partition}:s3:::${path}`;
    const keyActions = [...new Set(permissions.flatMap(({ access }) => ON_KEY[access]))];
    return documentOf(
        ...permissions.flatMap(({ bucket, prefix, access }, index): Statement[] => [
            {
                Sid: `Objects${index}`,
                Effect: "Allow",
                Action: ON_OBJECTS[access],
                Resource: arn(`${buckets[bucket]}/${prefix}*`),
            },
            {
                Sid: `List${index}`,
                Effect: "Allow",
                Action: "s3:ListBucket",
                Resource: arn(buckets[bucket]),
                ...(prefix !== "" && { Condition: { StringLike: { "s3:prefix": `${prefix}*` } } }),
            },
        ]),
        {
            Sid: "Key",
            Effect: "Allow",
            Action: keyActions,
            Resource: kmsKeyArn,
            // China's regions name the service differently.
            Condition: {
                StringEquals: {
                    "kms:ViaService": `s3.${region}.${partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}`,
                },
            },
        },
    );
}

/** Nobody, whoever it is, without TLS. */
export function tlsOnlyPolicy(bucketArn: string): PolicyDocument {
    return documentOf({
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
}
