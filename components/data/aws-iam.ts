import { documentOf, PolicyDocument, Statement } from "../iam";
import { ObjectPermission, ObjectRight } from "./object-permission";
import { BucketNames } from "./seaweedfs-identity";

/** A key's ARN names partition, region and account: nothing has to be asked of AWS. */
export function placeOfKey(arn: string): { partition: string; region: string; account: string } {
    const [, partition, , region, account] = arn.split(":");
    if (partition === undefined || region === undefined || account === undefined) {
        throw new Error(`${arn} is not the ARN of a key`);
    }
    return { partition, region, account };
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
