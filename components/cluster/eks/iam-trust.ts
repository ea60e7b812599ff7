import { policy, PolicyDocument } from "./iam-document";
import { Account, arnOf } from "./partition";

/** An AWS service may act as the role: `ec2.amazonaws.com`. */
export function serviceTrust(service: string): PolicyDocument {
    return policy({ Sid: "Service", Principal: { Service: service }, Action: ["sts:AssumeRole"] });
}

/** VPC flow logs of this account and region, and nobody else's. */
export function flowLogTrust(account: Account): PolicyDocument {
    return policy({
        Sid: "FlowLogsOfThisAccount",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
            StringEquals: { "aws:SourceAccount": account.accountId },
            ArnLike: { "aws:SourceArn": arnOf(account, "ec2", "vpc-flow-log/*") },
        },
    });
}

/** The one service account, in the one namespace of the one cluster, that may take a role. */
export interface PodIdentitySubject {
    readonly clusterName: string;
    readonly namespace: string;
    readonly serviceAccount: string;
}

/**
 * EKS Pod Identity passes cluster, namespace and service account as session tags. Without conditions on them whoever
 * may create an association in the account could give the role to any pod.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityTrust(account: Account, subject: PodIdentitySubject): PolicyDocument {
    return policy({
        Sid: "PodIdentity",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
            StringEquals: {
                "aws:SourceAccount": account.accountId,
                "aws:RequestTag/eks-cluster-name": subject.clusterName,
                "aws:RequestTag/kubernetes-namespace": subject.namespace,
                "aws:RequestTag/kubernetes-service-account": subject.serviceAccount,
            },
        },
    });
}
