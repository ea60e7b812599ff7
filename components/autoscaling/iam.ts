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

/** Where a cluster is, as ARNs say it. */
export interface Place {
    readonly partition: string;
    readonly region: string;
    readonly account: string;
    readonly clusterName: string;
}

/** A role's ARN names partition and account: nothing has to be asked of AWS. */
export function placeOf(roleArn: string, region: string, clusterName: string): Place {
    const [, partition, , , account] = roleArn.split(":");
    if (partition === undefined || account === undefined) throw new Error(`${roleArn} is not the ARN of a role`);
    return { partition, region, account, clusterName };
}

/** The service account that may take a role. */
export interface PodIdentity {
    readonly namespace: string;
    readonly serviceAccount: string;
}

/**
 * Who may take the role: EKS's agent on the nodes, for this service account of this cluster only.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function podIdentityTrust(
    { account, clusterName }: Place,
    { namespace, serviceAccount }: PodIdentity,
): PolicyDocument {
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
