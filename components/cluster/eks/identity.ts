import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { documentOf, PolicyDocument } from "./iam-document";
import { podIdentityTrust, serviceTrust } from "./iam-trust";
import { Scope, tagsOf } from "./naming";
import { Account, managedPolicyArn } from "./partition";

/** A role and what has to exist before it is of use. */
export interface ReadyRole {
    readonly role: aws.iam.Role;
    readonly rights: readonly pulumi.Resource[];
}

/** A role of an AWS service with policies that AWS writes and keeps in step with what the service calls. */
export function serviceRole(scope: Scope, part: string, service: string, policies: readonly string[]): ReadyRole {
    const { name, spec, parent } = scope;
    const role = new aws.iam.Role(
        `${name}-${part}`,
        { assumeRolePolicy: JSON.stringify(serviceTrust(service)), tags: tagsOf(scope, part) },
        { parent },
    );
    const rights = policies.map(
        (policy) =>
            new aws.iam.RolePolicyAttachment(
                `${name}-${part}-${policy}`,
                { role: role.name, policyArn: managedPolicyArn(spec.region, policy) },
                { parent },
            ),
    );
    return { role, rights };
}

/**
 * The nodes' role: join, and pull images. Not the CNI's policy, which would give every pod that reaches the metadata
 * service the network of the cluster; not Systems Manager's, for nobody logs into a node.
 */
export function nodeRole(scope: Scope): ReadyRole {
    return serviceRole(scope, "node", "ec2.amazonaws.com", [
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
    ]);
}

/** A role for one service account of an add-on, in kube-system. */
export function addonRole(
    scope: Scope,
    part: string,
    serviceAccount: string,
    account: pulumi.Output<Account>,
    document: pulumi.Output<PolicyDocument>,
): ReadyRole {
    const { name, spec, parent } = scope;
    const subject = { clusterName: spec.clusterName, namespace: "kube-system", serviceAccount };
    const role = new aws.iam.Role(
        `${name}-${part}`,
        {
            assumeRolePolicy: documentOf(account, (known) => podIdentityTrust(known, subject)),
            tags: tagsOf(scope, part),
        },
        { parent },
    );
    const policy = new aws.iam.RolePolicy(
        `${name}-${part}`,
        { role: role.id, policy: documentOf(document, (known) => known) },
        { parent },
    );
    return { role, rights: [policy] };
}
