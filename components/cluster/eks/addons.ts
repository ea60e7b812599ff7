import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ControlPlane } from "./control-plane";
import { PolicyDocument } from "./iam-document";
import { vpcCniPolicy } from "./iam-network";
import { ebsCsiPolicy, efsCsiPolicy, fsxCsiPolicy } from "./iam-storage";
import { addonRole } from "./identity";
import { Scope, tagsOf } from "./naming";
import { Network } from "./network";
import { Account } from "./partition";
import { AddonSpec } from "./spec";

export interface AddonSurroundings {
    readonly account: pulumi.Output<Account>;
    readonly network: Network;
    readonly controlPlane: ControlPlane;
    /** Nothing where the cluster has no EFS. */
    readonly efsArn?: pulumi.Output<string>;
}

/** Installs add-ons at the versions of the specification, each with a role of its own where it calls AWS. */
export function installAddons(
    scope: Scope,
    addons: readonly AddonSpec[],
    around: AddonSurroundings,
    dependsOn: readonly pulumi.Resource[] = [],
): aws.eks.Addon[] {
    return addons.map((addon) => {
        const rights = rightsOf(scope, addon.name, around);
        const configurationValues = configurationOf(scope, addon, around);
        return new aws.eks.Addon(
            `${scope.name}-${addon.name}`,
            {
                clusterName: around.controlPlane.name,
                addonName: addon.name,
                addonVersion: addon.version,
                ...(configurationValues !== undefined && { configurationValues }),
                // The specification is right, whatever somebody changed by hand.
                resolveConflictsOnCreate: "OVERWRITE",
                resolveConflictsOnUpdate: "OVERWRITE",
                preserve: false,
                ...(rights && {
                    podIdentityAssociations: [
                        { serviceAccount: rights.serviceAccount, roleArn: rights.ready.role.arn },
                    ],
                }),
                tags: tagsOf(scope, addon.name),
            },
            { parent: scope.parent, dependsOn: [...dependsOn, ...(rights?.ready.rights ?? [])] },
        );
    });
}

interface AddonRights {
    readonly serviceAccount: string;
    readonly document: (scope: Scope, around: AddonSurroundings) => pulumi.Output<PolicyDocument> | undefined;
}

/**
 * Add-ons that call AWS, and the service account that does. The S3 driver is not one of them: a pod that mounts a
 * bucket does so with its own role (`authenticationSource: pod`), so the driver needs no right to anybody's data.
 */
const RIGHTS: Readonly<Record<string, AddonRights>> = {
    "vpc-cni": {
        serviceAccount: "aws-node",
        document: ({ spec }, { account, network }) =>
            pulumi.all([account, network.vpcId]).apply(([known, vpc]) => vpcCniPolicy(known, spec.clusterName, vpc)),
    },
    "aws-ebs-csi-driver": {
        serviceAccount: "ebs-csi-controller-sa",
        document: ({ spec }, { account }) => account.apply((known) => ebsCsiPolicy(known, spec.clusterName)),
    },
    "aws-efs-csi-driver": {
        serviceAccount: "efs-csi-controller-sa",
        document: (_, { account, efsArn }) =>
            efsArn && pulumi.all([account, efsArn]).apply(([known, arn]) => efsCsiPolicy(known, arn)),
    },
    "aws-fsx-csi-driver": {
        serviceAccount: "fsx-csi-controller-sa",
        document: (_, { account }) => account.apply(fsxCsiPolicy),
    },
};

function rightsOf(scope: Scope, addon: string, around: AddonSurroundings) {
    const rights = RIGHTS[addon];
    const document = rights?.document(scope, around);
    if (rights === undefined || document === undefined) return undefined;
    const { serviceAccount } = rights;
    return { serviceAccount, ready: addonRole(scope, addon, serviceAccount, around.account, document) };
}

/** The specification's, and what is only known here: subnets, security group, tags. */
function configurationOf(scope: Scope, addon: AddonSpec, around: AddonSurroundings): pulumi.Input<string> | undefined {
    const { name, configuration } = addon;
    if (name === "vpc-cni") return cniConfiguration(scope, configuration ?? {}, around);
    if (name === "aws-ebs-csi-driver") return JSON.stringify(withVolumeTags(configuration ?? {}, scope.spec.tags));
    return configuration && JSON.stringify(configuration);
}

/** Tags of the cluster on every volume, so that its cost is seen. */
function withVolumeTags(
    plain: { readonly controller?: object },
    extraVolumeTags: Readonly<Record<string, string>>,
): object {
    return { ...plain, controller: { ...plain.controller, extraVolumeTags } };
}

interface CniConfiguration {
    readonly env?: { readonly [name: string]: string };
}

/** An ENIConfig for each zone where pods have subnets of their own. */
function cniConfiguration(
    { spec }: Scope,
    plain: CniConfiguration,
    { network, controlPlane }: AddonSurroundings,
): pulumi.Output<string> {
    // The rights of the CNI's role end at interfaces that carry the cluster's name.
    const env: Record<string, string> = { ...plain.env, CLUSTER_NAME: spec.clusterName };
    if (env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG !== "true") return pulumi.output(JSON.stringify({ ...plain, env }));
    const subnets = pulumi.output({ ...network.podSubnets });
    return pulumi.all([subnets, controlPlane.securityGroupId]).apply(([ids, group]) => {
        const byZone = Object.entries(ids).map(([zone, id]) => [zone, { id, securityGroups: [group] }]);
        const eniConfig = { create: true, region: spec.region, subnets: Object.fromEntries(byZone) as object };
        return JSON.stringify({ ...plain, env, eniConfig });
    });
}
