import * as eks from "@pulumi/aws/eks";
import * as k8s from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { AccessEntryArguments, ClusterArguments } from "./arguments";
import { kubeconfigOf } from "./kubeconfig";

/**
 * Registers what the official component eks:index:Cluster 4.3.0 registers for the arguments that are served. A table
 * in the tests cites its source, property by property.
 */
export class Cluster extends pulumi.ComponentResource {
    /** Everything that the official component gives out for these arguments. */
    readonly state: pulumi.Inputs;

    constructor(name: string, args: ClusterArguments, opts?: pulumi.ComponentResourceOptions) {
        super("eks:index:Cluster", name, args, opts);
        const cluster = controlPlane(this, name, args);
        const kubeconfig = pulumi
            .all([cluster.name, cluster.endpoint, cluster.certificateAuthority, cluster.arn])
            .apply(([clusterName, endpoint, { data }, arn]) => kubeconfigOf(clusterName, endpoint, data, arn));
        const provider = new k8s.Provider(
            `${name}-eks-k8s`,
            {
                kubeconfig: kubeconfig.apply((value) => JSON.stringify(value)),
                ...(args.enableConfigMapMutable === undefined
                    ? {}
                    : { enableConfigMapMutable: args.enableConfigMapMutable }),
            },
            { parent: this },
        );
        const entries = Object.entries(args.accessEntries ?? {});
        for (const [key, entry] of entries) accessEntry(this, name, key, entry, cluster);
        this.state = stateOf(args, cluster, kubeconfig, provider);
        this.registerOutputs(this.state);
    }
}

function controlPlane(parent: Cluster, name: string, args: ClusterArguments): eks.Cluster {
    const { kubernetesServiceIpAddressRange: serviceRange, encryptionConfigKeyArn: keyArn } = args;
    return new eks.Cluster(
        `${name}-eksCluster`,
        {
            ...given({
                name: args.name,
                version: args.version,
                enabledClusterLogTypes: args.enabledClusterLogTypes,
                upgradePolicy: args.upgradePolicy,
                deletionProtection: args.deletionProtection,
            }),
            roleArn: pulumi.output(args.serviceRole).apply(({ arn }) => arn),
            bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
            vpcConfig: {
                subnetIds: args.subnetIds,
                ...given({
                    endpointPrivateAccess: args.endpointPrivateAccess,
                    endpointPublicAccess: args.endpointPublicAccess,
                    publicAccessCidrs: args.publicAccessCidrs,
                }),
            },
            accessConfig: {
                authenticationMode: args.authenticationMode,
                bootstrapClusterCreatorAdminPermissions: true,
            },
            ...(serviceRange === undefined
                ? {}
                : { kubernetesNetworkConfig: { serviceIpv4Cidr: serviceRange, ipFamily: "ipv4" } }),
            ...(keyArn === undefined ? {} : { encryptionConfig: { provider: { keyArn }, resources: ["secrets"] } }),
            tags: pulumi
                .all([args.tags ?? {}, args.clusterTags ?? {}])
                .apply(([tags, clusterTags]) => ({ Name: `${name}-eksCluster`, ...clusterTags, ...tags })),
        },
        {
            parent,
            ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
        },
    );
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The object without what is undefined. */
function given<T extends object>(values: T): Given<T> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

function accessEntry(
    parent: Cluster,
    name: string,
    key: string,
    { username, accessPolicies = {}, principalArn, ...rest }: AccessEntryArguments,
    cluster: eks.Cluster,
): void {
    const entry = new eks.AccessEntry(
        `${name}-${key}`,
        {
            ...rest,
            principalArn,
            clusterName: cluster.name,
            ...given({ userName: username }),
        },
        { parent, dependsOn: [cluster] },
    );
    for (const [policy, association] of Object.entries(accessPolicies)) {
        const { accessScope, policyArn } = pulumi.output(association);
        new eks.AccessPolicyAssociation(
            `${name}-${key}-${policy}`,
            { accessScope, principalArn, policyArn, clusterName: cluster.name },
            { parent: entry, dependsOn: [entry] },
        );
    }
}

function stateOf(
    args: ClusterArguments,
    cluster: eks.Cluster,
    kubeconfig: pulumi.Output<object>,
    provider: k8s.Provider,
): pulumi.Inputs {
    const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
    const ownGroup = cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId);
    const core = {
        cluster,
        vpcId: args.vpcId,
        subnetIds: args.subnetIds,
        endpoint: cluster.endpoint,
        kubeconfig,
        provider,
        instanceRoles: [],
        ...given({ tags: args.tags }),
        clusterIamRole: args.serviceRole,
        autoModeNodeRoleName: "",
    };
    return {
        kubeconfig,
        kubeconfigJson: kubeconfig.apply((value) => JSON.stringify(value)),
        instanceRoles: [],
        eksCluster: cluster,
        core,
        clusterSecurityGroupId: ownGroup,
        nodeSecurityGroupId: ownGroup,
        clusterIngressRuleId: "",
        defaultNodeGroupAsgName: "",
        fargateProfileId: "",
        fargateProfileStatus: "",
        oidcProviderArn: "",
        oidcProviderUrl: issuer,
        oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
        autoModeNodeRoleName: "",
    };
}
