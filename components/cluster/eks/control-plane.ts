import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { documentOf } from "./iam-document";
import { secretsKeyPolicy } from "./iam-key";
import { ReadyRole, serviceRole } from "./identity";
import { logGroup } from "./logs";
import { controlPlaneLogGroup, Scope, tagsOf } from "./naming";
import { Network } from "./network";
import { partitionOf } from "./partition";

/** A running control plane, as its nodes and clients need it. */
export interface ControlPlane {
    /** Known only once the cluster is there: whoever uses it is made after and deleted before. */
    readonly name: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    /** PEM in base64. */
    readonly certificateAuthority: pulumi.Output<string>;
    /** Made by EKS: nodes, pods and control plane reach one another through it. */
    readonly securityGroupId: pulumi.Output<string>;
}

/**
 * The control plane. @pulumi/eks leaves most of what is safe unset or off, so all of it is said here; what it would
 * add of its own (nodes, security groups, floating add-ons) is switched off. See docs/decisions/0007.
 */
export function controlPlane(scope: Scope, network: Network, key: aws.kms.Key, node: ReadyRole): ControlPlane {
    const { name, spec, parent } = scope;
    const logs = logGroup(scope, "control-plane", controlPlaneLogGroup(scope), spec.logDays, key);
    const { role, rights } = serviceRole(scope, "cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
    const keyRights = new aws.iam.RolePolicy(
        `${name}-secrets-key`,
        { role: role.id, policy: documentOf(key.arn, secretsKeyPolicy) },
        { parent },
    );
    const allowedCidrs = [...spec.endpoint.allowedCidrs];
    const { eksCluster: cluster } = new eks.Cluster(
        name,
        {
            name: spec.clusterName,
            version: spec.version,
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: spec.protect,
            vpcId: network.vpcId,
            subnetIds: [...network.controlPlaneSubnets],
            endpointPrivateAccess: true,
            endpointPublicAccess: allowedCidrs.length > 0,
            ...(allowedCidrs.length > 0 && { publicAccessCidrs: allowedCidrs }),
            ...(spec.network.kind === "new" && { kubernetesServiceIpAddressRange: spec.network.serviceCidr }),
            authenticationMode: eks.AuthenticationMode.Api,
            accessEntries: accessEntries(scope, node.role.arn),
            enabledClusterLogTypes: [...LOG_TYPES],
            encryptionConfigKeyArn: key.arn,
            serviceRole: role,
            ...NOTHING_OF_ITS_OWN,
            tags: tagsOf(scope, "cluster"),
        },
        { parent, protect: spec.protect, dependsOn: [logs, keyRights, ...rights] },
    );
    return {
        name: cluster.name,
        endpoint: cluster.endpoint,
        certificateAuthority: cluster.certificateAuthority.data,
        securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
    };
}

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** Default nodes, security groups that are open outwards, and add-ons that take the newest version at every run. */
const NOTHING_OF_ITS_OWN = {
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    createInstanceRole: false,
    createOidcProvider: false,
    bootstrapSelfManagedAddons: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
} as const;

/**
 * Administrators, and the nodes' role. EKS would add the latter with the first managed node group and take it away with
 * the last; Karpenter's nodes need it whatever groups there are.
 */
function accessEntries({ spec }: Scope, nodeRoleArn: pulumi.Input<string>): Record<string, AccessEntry> {
    const { partition } = partitionOf(spec.region);
    const policyArn = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
    const admins = spec.admins.map((principalArn): [string, AccessEntry] => [
        `admin-${principalName(principalArn)}`,
        {
            principalArn,
            tags: { ...spec.tags },
            accessPolicies: { admin: { policyArn, accessScope: { type: "cluster" } } },
        },
    ]);
    return {
        ...Object.fromEntries(admins),
        nodes: { principalArn: nodeRoleArn, type: eks.AccessEntryType.EC2Linux, tags: { ...spec.tags } },
    };
}

type AccessEntry = eks.types.input.AccessEntryArgs;

/** `arn:aws:iam::123456789012:role/platform/admin` → `platform-admin`: the order of the list does not matter. */
function principalName(arn: string): string {
    return arn.split(":").slice(5).join("-").split("/").slice(1).join("-");
}
