import { isObject, Json, JsonObject, numberAt, objectAt, stringAt } from "../../base/json";
import { CheckFailure } from "../../base/provider";
import { controlPlane, followNodes } from "../control-plane";
import { arn, AwsKind, AwsKinds, text } from "../kind";
import { valuesAt } from "../references";
import { Store, Stored } from "../store";

const EKS = "hashicorp/terraform-provider-aws internal/service/eks";
const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const role = (path: string) => ({ path, to: ["aws:iam/role:Role"], blocks: false }) as const;
const ofCluster = { path: "clusterName", to: [CLUSTER], blocks: false } as const;

/** AWS's own default would change with the day; nobody should rely on it. */
const DEFAULT_VERSION = "1.36";

const cluster: AwsKind = {
    source: `${EKS}/cluster.go (resourceCluster)`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: {
        accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: true,
        deletionProtection: false,
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16" },
        upgradePolicy: { supportType: "EXTENDED" },
        version: DEFAULT_VERSION,
        vpcConfig: { endpointPrivateAccess: false, endpointPublicAccess: true },
    },
    replaces: [
        ...["name", "roleArn", "bootstrapSelfManagedAddons", "outpostConfig.controlPlaneInstanceType"],
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        ...["kubernetesNetworkConfig.ipFamily", "kubernetesNetworkConfig.serviceIpv4Cidr"],
    ],
    references: [
        role("roleArn"),
        { path: "vpcConfig.subnetIds", to: ["aws:ec2/subnet:Subnet"], blocks: true },
        { path: "vpcConfig.securityGroupIds", to: ["aws:ec2/securityGroup:SecurityGroup"], blocks: true },
        { path: "encryptionConfig.provider.keyArn", to: ["aws:kms/key:Key"], blocks: false },
    ],
    takesAlong: [
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/addon:Addon",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    ],
    computed: (made, id) => {
        const { endpoint, certificateAuthority } = controlPlane();
        const issuer = `https://oidc.eks.${made.region}.simulated.invalid/id/${made.hex(32).toUpperCase()}`;
        const vpcConfig = objectAt(made.inputs, "vpcConfig");
        return {
            arn: arn("eks", made.region, `cluster/${id}`),
            certificateAuthority: { data: certificateAuthority },
            endpoint,
            identities: [{ oidcs: [{ issuer }] }],
            platformVersion: "eks.1",
            status: "ACTIVE",
            vpcConfig: {
                endpointPrivateAccess: false,
                endpointPublicAccess: true,
                ...vpcConfig,
                clusterSecurityGroupId: `sg-${made.hex(17)}`,
            },
        };
    },
    validate: (inputs) => [
        ...oneOf(inputs, "accessConfig.authenticationMode", ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]),
        ...oneOf(inputs, "upgradePolicy.supportType", ["STANDARD", "EXTENDED"]),
        ...oneOf(inputs, "enabledClusterLogTypes", LOG_TYPES),
        ...versionFailures(inputs),
    ],
    refusesCreate: ({ inputs }, store) => {
        const subnets = valuesAt(inputs, "vpcConfig.subnetIds");
        const zones = subnets.map((id) => store.named("aws:ec2/subnet:Subnet", id)?.outputs.availabilityZone);
        if (new Set(zones).size >= 2) return undefined;
        return "InvalidParameterException: Subnets specified must be in at least two different AZs";
    },
    refusesUpdate: ({ outputs }, news) => {
        const [from, to] = [minor(outputs.version), minor(news.version)];
        if (from === undefined || to === undefined || to === from || to === from + 1) return undefined;
        return `InvalidParameterException: Unsupported Kubernetes minor version update from ${text(outputs.version)} to ${text(news.version)}`;
    },
    refusesDelete: ({ outputs }, store) => {
        if (outputs.deletionProtection === true) {
            return "InvalidRequestException: the cluster has deletion protection enabled: disable it first";
        }
        const groups = groupsOf(store, outputs.name);
        if (groups.length === 0) return undefined;
        return `ResourceInUseException: Cluster has nodegroups attached: ${groups.map(({ id }) => id).join(", ")}`;
    },
};

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function groupsOf(store: Store, clusterName: Json | undefined): Stored[] {
    return store.ofType(NODE_GROUP).filter(({ outputs }) => outputs.clusterName === clusterName);
}

function minor(version: Json | undefined): number | undefined {
    const [, found] = /^1\.(\d+)$/.exec(text(version)) ?? [];
    return found === undefined ? undefined : Number(found);
}

function versionFailures({ version }: JsonObject): CheckFailure[] {
    if (version === undefined || minor(version) !== undefined) return [];
    return [{ property: "version", reason: `${text(version)} is not allowed: a minor version such as 1.36` }];
}

/** Wrong values of an enumeration, at a path as {@link valuesAt} reads it. */
function oneOf(inputs: JsonObject, path: string, allowed: readonly string[]): CheckFailure[] {
    const wrong = valuesAt(inputs, path).filter((value) => !allowed.includes(value));
    return wrong.map((value) => ({
        property: path,
        reason: `${value} is not allowed: one of ${allowed.join(", ")}`,
    }));
}

const nodeGroup: AwsKind = {
    source: `${EKS}/node_group.go (resourceNodeGroup)`,
    named: "nodeGroupName",
    id: ({ inputs }) => `${text(inputs.clusterName)}:${text(inputs.nodeGroupName)}`,
    // Not as inputs: with a launch template AWS tells none of them.
    defaults: {},
    replaces: ["subnetIds", "launchTemplate.id", "launchTemplate.name", "nodeGroupNamePrefix"],
    references: [
        { ...ofCluster, blocks: true },
        role("nodeRoleArn"),
        { path: "subnetIds", to: ["aws:ec2/subnet:Subnet"], blocks: true },
        { path: "launchTemplate.id", to: ["aws:ec2/launchTemplate:LaunchTemplate"], blocks: false },
    ],
    computed: (made, id, before) => ({
        arn: arn("eks", made.region, `nodegroup/${id.replace(":", "/")}/${made.hex(32)}`),
        amiType: made.inputs.amiType ?? "AL2023_x86_64_STANDARD",
        capacityType: made.inputs.capacityType ?? "ON_DEMAND",
        resources: [{ autoscalingGroups: [{ name: `eks-${text(made.inputs.nodeGroupName)}-${made.hex(8)}` }] }],
        releaseVersion: made.inputs.releaseVersion ?? before?.releaseVersion ?? "0.0.0-simulated",
        status: "ACTIVE",
        version: made.inputs.version ?? before?.version ?? DEFAULT_VERSION,
    }),
    validate: (inputs) => [
        ...oneOf(inputs, "taints.*.effect", ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
        ...oneOf(inputs, "capacityType", ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
        ...versionFailures(inputs),
        ...scalingFailures(inputs),
        ...updateFailures(inputs),
        ...(inputs.launchTemplate === undefined || inputs.diskSize === undefined
            ? []
            : [{ property: "diskSize", reason: "is not allowed with a launch template" }]),
    ],
    refusesCreate: ({ inputs }, store) => newerThanCluster(inputs, store),
    refusesUpdate: (_, news, store) => newerThanCluster(news, store),
    follow: followNodes,
};

function scalingFailures(inputs: JsonObject): CheckFailure[] {
    const [least, wanted, most] = ["minSize", "desiredSize", "maxSize"].map((key) =>
        numberAt(inputs, "scalingConfig", key),
    );
    if (least === undefined || wanted === undefined || most === undefined) return [];
    if (least >= 0 && least <= wanted && wanted <= most && most >= 1) return [];
    const reason = `minSize ${least}, desiredSize ${wanted}, maxSize ${most}: needs 0 <= min <= desired <= max and max >= 1`;
    return [{ property: "scalingConfig", reason }];
}

function updateFailures({ updateConfig }: JsonObject): CheckFailure[] {
    if (!isObject(updateConfig)) return [];
    const given = ["maxUnavailable", "maxUnavailablePercentage"].filter((key) => updateConfig[key] !== undefined);
    if (given.length === 1) return [];
    return [{ property: "updateConfig", reason: "needs either maxUnavailable or maxUnavailablePercentage" }];
}

function newerThanCluster(inputs: JsonObject, store: Store): string | undefined {
    const [nodes, control] = [
        minor(inputs.version),
        minor(store.named(CLUSTER, text(inputs.clusterName))?.outputs.version),
    ];
    if (nodes === undefined || control === undefined || nodes <= control) return undefined;
    return `InvalidParameterException: nodes of version ${text(inputs.version)} are newer than the cluster's 1.${control}`;
}

const addon: AwsKind = {
    source: `${EKS}/addon.go`,
    id: ({ inputs }) => `${text(inputs.clusterName)}:${text(inputs.addonName)}`,
    computed: (made, id, before) => ({
        arn: arn("eks", made.region, `addon/${id.replace(":", "/")}/${made.hex(32)}`),
        addonVersion: made.inputs.addonVersion ?? before?.addonVersion ?? "v0.0.0-simulated",
    }),
    references: [ofCluster, role("serviceAccountRoleArn"), role("podIdentityAssociations.*.roleArn")],
    validate: (inputs) => [
        ...oneOf(inputs, "resolveConflictsOnCreate", ["NONE", "OVERWRITE"]),
        ...oneOf(inputs, "resolveConflictsOnUpdate", ["NONE", "OVERWRITE", "PRESERVE"]),
        ...jsonFailures(inputs, "configurationValues"),
    ],
};

function jsonFailures(inputs: JsonObject, property: string): CheckFailure[] {
    const value = stringAt(inputs, property);
    if (value === undefined) return [];
    try {
        JSON.parse(value);
        return [];
    } catch {
        return [{ property, reason: "is no JSON document" }];
    }
}

const accessEntry: AwsKind = {
    source: `${EKS}/access_entry.go`,
    id: ({ inputs }) => `${text(inputs.clusterName)}:${text(inputs.principalArn)}`,
    defaults: { type: "STANDARD" },
    computed: (made) => ({
        accessEntryArn: arn("eks", made.region, `access-entry/${text(made.inputs.clusterName)}/${made.hex(32)}`),
        userName: made.inputs.userName ?? made.inputs.principalArn ?? "",
    }),
    references: [ofCluster],
};

const accessPolicyAssociation: AwsKind = {
    source: `${EKS}/access_policy_association.go`,
    id: ({ inputs }) => ["clusterName", "principalArn", "policyArn"].map((key) => text(inputs[key])).join("#"),
    replaces: ["accessScope", "clusterName", "policyArn", "principalArn"],
    references: [ofCluster],
    validate: (inputs) => oneOf(inputs, "accessScope.type", ["cluster", "namespace"]),
    refusesCreate: ({ inputs }, store) => {
        const entry = `${text(inputs.clusterName)}:${text(inputs.principalArn)}`;
        if (store.find("aws:eks/accessEntry:AccessEntry", entry) !== undefined) return undefined;
        return `ResourceNotFoundException: there is no access entry ${entry}`;
    },
};

const podIdentityAssociation: AwsKind = {
    source: `${EKS}/pod_identity_association.go`,
    id: (made) => `a-${made.hex(17)}`,
    computed: (made, id) => ({
        associationArn: arn("eks", made.region, `podidentityassociation/${text(made.inputs.clusterName)}/${id}`),
        associationId: id,
    }),
    references: [ofCluster, role("roleArn")],
    refusesCreate: ({ inputs }, store) => {
        const same = ["clusterName", "namespace", "serviceAccount"];
        const others = store.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation");
        const other = others.find(({ outputs }) => same.every((key) => outputs[key] === inputs[key]));
        return other === undefined ? undefined : `ResourceInUseException: the association already exists: ${other.id}`;
    },
};

export const KUBERNETES: AwsKinds = {
    "aws:eks/accessEntry:AccessEntry": accessEntry,
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": accessPolicyAssociation,
    "aws:eks/addon:Addon": addon,
    [CLUSTER]: cluster,
    [NODE_GROUP]: nodeGroup,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": podIdentityAssociation,
};
