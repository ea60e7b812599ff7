import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ElasticCapacity } from "../contracts";
import { podTrust } from "../iam";
import { KARPENTER, KARPENTER_NAMESPACE } from "./controller";
import { placeOf } from "./place";
import { controllerPolicies, ControllerPolicies } from "./policies";

/** Policies in the order in which they are emitted. */
const CONCERNS = [
    "nodes",
    "surroundings",
    "interruption",
    "discovery",
] as const satisfies readonly (keyof ControllerPolicies)[];

/**
 * The controller's role, bound to its service account.
 *
 * @returns what has to stand before a pod of the controller starts.
 */
export function controllerIdentity(
    name: string,
    capacity: ElasticCapacity,
    queueArn: pulumi.Input<string>,
    isolated: boolean,
    parent: pulumi.Resource,
): pulumi.Resource[] {
    const { clusterName, region, tags } = capacity;
    const subject = { namespace: KARPENTER_NAMESPACE, serviceAccount: KARPENTER };
    const facts = pulumi
        .all([capacity.nodeRoleArn, capacity.kmsKeyArn, queueArn])
        .apply(([nodeRoleArn, kmsKeyArn, queue]) => ({
            place: placeOf(nodeRoleArn, region, clusterName),
            nodeRoleArn,
            kmsKeyArn,
            queueArn: queue,
            isolated,
        }));
    const role = new aws.iam.Role(
        `${name}-controller`,
        {
            description: `Karpenter of the EKS cluster ${clusterName}`,
            assumeRolePolicy: facts.apply(({ place }) =>
                JSON.stringify(podTrust(place.account, { clusterName, ...subject })),
            ),
            tags,
        },
        { parent },
    );
    const policies = CONCERNS.map(
        (concern) =>
            new aws.iam.RolePolicy(
                `${name}-${concern}`,
                { role: role.name, policy: facts.apply((scope) => JSON.stringify(controllerPolicies(scope)[concern])) },
                { parent },
            ),
    );
    const association = new aws.eks.PodIdentityAssociation(
        name,
        { clusterName, ...subject, roleArn: role.arn, tags },
        { parent },
    );
    return [...policies, association];
}
