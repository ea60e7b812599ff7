import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ObjectStore } from "../contracts";
import { podTrust } from "../iam";
import { objectPolicy, placeOfKey } from "./aws-iam";
import { ObjectAccessSpec } from "./object-permission";

interface Subject {
    readonly store: ObjectStore;
    readonly namespace: pulumi.Input<string>;
    readonly serviceAccountName: pulumi.Input<string>;
}

/** A role with the permissions, bound to one service account. It has its rights before a pod can take it. */
export function podRole(
    name: string,
    { store, namespace, serviceAccountName }: Subject,
    { permissions }: ObjectAccessSpec,
    parent: pulumi.Resource,
): aws.eks.PodIdentityAssociation {
    if (store.aws === undefined) throw new Error(`${name}: the store does not say whose pods it lets in`);
    const { clusterName, kmsKeyArn, tags } = store.aws;
    const role = new aws.iam.Role(
        `${name}-objects`,
        {
            description: `Objects for the service account of ${name} on the EKS cluster ${clusterName}`,
            assumeRolePolicy: pulumi
                .all([kmsKeyArn, namespace, serviceAccountName])
                .apply(([key, within, serviceAccount]) =>
                    JSON.stringify(
                        podTrust(placeOfKey(key).account, { clusterName, namespace: within, serviceAccount }),
                    ),
                ),
            tags,
        },
        { parent },
    );
    const rights = new aws.iam.RolePolicy(
        `${name}-objects`,
        {
            role: role.name,
            policy: pulumi
                .all([store.artifactsBucket, store.backupsBucket, kmsKeyArn])
                .apply(([artifacts, backups, key]) =>
                    JSON.stringify(objectPolicy(permissions, { artifacts, backups }, key)),
                ),
        },
        { parent },
    );
    return new aws.eks.PodIdentityAssociation(
        `${name}-objects`,
        { clusterName, namespace, serviceAccount: serviceAccountName, roleArn: role.arn, tags },
        { parent, dependsOn: rights },
    );
}
