import * as pulumi from "@pulumi/pulumi";

/** The arguments of eks.Cluster that the simulator acts on. */
export interface ClusterArguments {
    readonly name?: pulumi.Input<string>;
    readonly version?: pulumi.Input<string>;
    readonly upgradePolicy?: pulumi.Input<{ supportType: pulumi.Input<string> }>;
    readonly deletionProtection?: pulumi.Input<boolean>;
    readonly vpcId: pulumi.Input<string>;
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    readonly endpointPrivateAccess?: pulumi.Input<boolean>;
    readonly endpointPublicAccess?: pulumi.Input<boolean>;
    readonly publicAccessCidrs?: pulumi.Input<pulumi.Input<string>[]>;
    readonly kubernetesServiceIpAddressRange?: pulumi.Input<string>;
    readonly authenticationMode: string;
    readonly accessEntries?: Readonly<Record<string, AccessEntryArguments>>;
    readonly enabledClusterLogTypes?: pulumi.Input<pulumi.Input<string>[]>;
    readonly encryptionConfigKeyArn?: pulumi.Input<string>;
    readonly serviceRole: pulumi.Input<RoleReference>;
    readonly bootstrapSelfManagedAddons?: boolean;
    readonly enableConfigMapMutable?: pulumi.Input<boolean>;
    readonly clusterTags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface RoleReference {
    readonly arn: pulumi.Input<string>;
}

export interface AccessEntryArguments {
    readonly principalArn: pulumi.Input<string>;
    readonly username?: pulumi.Input<string>;
    readonly accessPolicies?: Readonly<Record<string, pulumi.Input<AccessPolicyArguments>>>;
    readonly [other: string]: unknown;
}

export interface AccessPolicyArguments {
    readonly policyArn: pulumi.Input<string>;
    readonly accessScope: pulumi.Input<{ type: pulumi.Input<string> }>;
}

const ACTED_ON: ReadonlySet<string> = new Set([
    ...["name", "version", "upgradePolicy", "deletionProtection", "vpcId", "subnetIds", "endpointPrivateAccess"],
    ...["endpointPublicAccess", "publicAccessCidrs", "kubernetesServiceIpAddressRange", "authenticationMode"],
    ...["accessEntries", "enabledClusterLogTypes", "encryptionConfigKeyArn", "serviceRole"],
    ...["bootstrapSelfManagedAddons", "enableConfigMapMutable", "clusterTags", "tags"],
]);

const REQUIRED = ["vpcId", "subnetIds", "serviceRole"] as const;

/**
 * What would make the official component register more than the simulator does: default nodes, security groups,
 * add-ons of the newest version, an aws-auth ConfigMap. Only their being switched off is served.
 */
const ONLY: Readonly<Record<string, (value: unknown) => boolean>> = {
    authenticationMode: (value) => value === "API",
    corednsAddonOptions: isDisabled,
    createInstanceRole: (value) => value === false,
    createOidcProvider: (value) => value === undefined || value === false,
    kubeProxyAddonOptions: isDisabled,
    skipDefaultNodeGroup: (value) => value === true,
    skipDefaultSecurityGroups: (value) => value === true,
    useDefaultVpcCni: (value) => value === true,
};

const WANTED: Readonly<Record<string, string>> = {
    authenticationMode: "API",
    corednsAddonOptions: "{ enabled: false }",
    createInstanceRole: "false",
    createOidcProvider: "false",
    kubeProxyAddonOptions: "{ enabled: false }",
    skipDefaultNodeGroup: "true",
    skipDefaultSecurityGroups: "true",
    useDefaultVpcCni: "true",
};

function isDisabled(value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as { enabled?: unknown }).enabled === false;
}

export interface Refusal {
    readonly propertyPath: string;
    readonly reason: string;
}

const CURE = "install the official plugin with: pulumi plugin install resource eks 4.3.0";

/** Arguments that the simulator does not serve, each by its name. */
export function refusals(inputs: pulumi.Inputs): Refusal[] {
    const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
    const unserved = given
        .filter(([name]) => !ACTED_ON.has(name) && ONLY[name] === undefined)
        .map(([name]) => ({ propertyPath: name, reason: `the eks simulator does not serve it: ${CURE}` }));
    const unwanted = Object.entries(ONLY)
        .filter(([name, accepts]) => !accepts(inputs[name]))
        .map(([name]) => ({
            propertyPath: name,
            reason: `the eks simulator serves only ${WANTED[name] ?? ""}: ${CURE}`,
        }));
    const missing = REQUIRED.filter((name) => inputs[name] === undefined).map((name) => ({
        propertyPath: name,
        reason: `the eks simulator needs it: ${CURE}`,
    }));
    return [...unserved, ...unwanted, ...missing];
}
