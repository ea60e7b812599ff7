import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { documentOf } from "./iam-document";
import { keyPolicy } from "./iam-key";
import { controlPlaneLogGroup, databaseLogGroups, flowLogGroup, Scope, tagsOf } from "./naming";
import { Account } from "./partition";

/** The cluster's one key: Kubernetes secrets, logs, volumes and file systems, and what stands beside the cluster. */
export function clusterKey(scope: Scope, account: pulumi.Output<Account>): aws.kms.Key {
    const { name, spec, parent } = scope;
    const key = new aws.kms.Key(
        `${name}-key`,
        {
            description: `Secrets, logs and storage of the EKS cluster ${spec.clusterName}`,
            enableKeyRotation: true,
            deletionWindowInDays: 30,
            policy: documentOf(account, (known) =>
                keyPolicy(known, [controlPlaneLogGroup(scope), flowLogGroup(scope), databaseLogGroups(scope)]),
            ),
            tags: tagsOf(scope, "key"),
        },
        { parent, protect: spec.protect },
    );
    new aws.kms.Alias(
        `${name}-key`,
        { name: `alias/eks/${spec.clusterName}`, targetKeyId: key.keyId },
        { parent, protect: spec.protect },
    );
    return key;
}
