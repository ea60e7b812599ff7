/** Where a property's value comes from in the official component. */
interface Source {
    /** Value that the simulator must register for {@link ARGUMENTS}; an unlisted property must not be registered. */
    readonly value: unknown;
    /** Line of nodejs/eks/FILE at the tag v4.3.0 of pulumi/pulumi-eks. */
    readonly source: string;
}

export interface Child {
    readonly type: string;
    readonly name: string;
    /** Where it is registered, and under which condition. */
    readonly source: string;
    readonly properties: Readonly<Record<string, Source>>;
}

const CLUSTER = "cluster/cluster.ts";
const AUTHENTICATION = "cluster/authenticationMode.ts";
const NODE_ROLE = "arn:aws:iam::000000000000:role/nodes";
const ADMIN_ROLE = "arn:aws:iam::000000000000:role/admin";
const ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/** One of each of the arguments that the simulator serves. */
export const ARGUMENTS = {
    name: "ml-dev",
    version: "1.36",
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: true,
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: ["203.0.113.0/24"],
    kubernetesServiceIpAddressRange: "172.20.0.0/16",
    authenticationMode: "API",
    accessEntries: {
        admin: {
            principalArn: ADMIN_ROLE,
            tags: { by: "team" },
            accessPolicies: { all: { policyArn: ADMIN_POLICY, accessScope: { type: "cluster" } } },
        },
        nodes: { principalArn: NODE_ROLE, type: "EC2_LINUX", username: "node" },
    },
    enabledClusterLogTypes: ["api", "audit"],
    encryptionConfigKeyArn: "arn:aws:kms:eu-west-1:000000000000:key/1",
    serviceRole: { arn: "arn:aws:iam::000000000000:role/cluster" },
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    createInstanceRole: false,
    createOidcProvider: false,
    bootstrapSelfManagedAddons: false,
    enableConfigMapMutable: true,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
    clusterTags: { Name: "named", layer: "cluster" },
    tags: { layer: "tags", team: "ml" },
};

/** What mocks answer for the cluster that is registered. */
export const ANSWERED = {
    arn: "arn:aws:eks:eu-west-1:000000000000:cluster/ml-dev",
    certificateAuthority: { data: "Q0E=" },
    endpoint: "https://127.0.0.1:1",
    identities: [{ oidcs: [{ issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/1" }] }],
};

/** The kubeconfig of the component's own provider: generateKubeconfig, cluster/cluster.ts:203-277. */
export const KUBECONFIG = {
    apiVersion: "v1",
    clusters: [{ cluster: { server: ANSWERED.endpoint, "certificate-authority-data": "Q0E=" }, name: "kubernetes" }],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
        {
            name: "aws",
            user: {
                exec: {
                    apiVersion: "client.authentication.k8s.io/v1beta1",
                    command: "aws",
                    args: [
                        ...["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "ml-dev"],
                        ...["--output", "json"],
                    ],
                    env: [
                        {
                            name: "KUBERNETES_EXEC_INFO",
                            value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
                        },
                    ],
                },
            },
        },
    ],
};

/**
 * What eks:index:Cluster 4.3.0 registers for these arguments, read from its source. Not registered with them: the
 * service role (cluster.ts:515), security groups (:554, cluster.ts:2121), the kube-proxy add-on (:765), an instance role
 * (:944), the aws-auth ConfigMap (:1002), storage classes (:1066), the vpc-cni add-on (:1094), a Fargate profile
 * (:1118), the coredns add-on (:1181), an OIDC provider (:1247), a default node group (:2155).
 */
export const CHILDREN: readonly Child[] = [
    {
        type: "aws:eks/cluster:Cluster",
        name: "ml-eksCluster",
        source: `${CLUSTER}:687 always`,
        properties: {
            name: { value: "ml-dev", source: `${CLUSTER}:690 args.name` },
            roleArn: { value: ARGUMENTS.serviceRole.arn, source: `${CLUSTER}:691 the given serviceRole's arn` },
            bootstrapSelfManagedAddons: { value: false, source: `${CLUSTER}:698 as given, else true` },
            kubernetesNetworkConfig: {
                value: { serviceIpv4Cidr: "172.20.0.0/16", ipFamily: "ipv4" },
                source: `${CLUSTER}:612-623 with a service range or an IP family; ipFamily defaults to ipv4`,
            },
            vpcConfig: {
                value: {
                    subnetIds: ["subnet-1", "subnet-2"],
                    endpointPrivateAccess: true,
                    endpointPublicAccess: true,
                    publicAccessCidrs: ["203.0.113.0/24"],
                },
                source: `${CLUSTER}:701-721 securityGroupIds only with default or given security groups`,
            },
            version: { value: "1.36", source: `${CLUSTER}:722 args.version` },
            enabledClusterLogTypes: { value: ["api", "audit"], source: `${CLUSTER}:723` },
            tags: {
                value: { Name: "named", layer: "tags", team: "ml" },
                source: `${CLUSTER}:724-731 Name, then clusterTags, then tags`,
            },
            encryptionConfig: {
                value: { provider: { keyArn: ARGUMENTS.encryptionConfigKeyArn }, resources: ["secrets"] },
                source: `${CLUSTER}:593-607 with a key's ARN`,
            },
            accessConfig: {
                value: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
                source: `${CLUSTER}:733-741 with an authentication mode`,
            },
            upgradePolicy: { value: { supportType: "STANDARD" }, source: `${CLUSTER}:742` },
            deletionProtection: { value: true, source: `${CLUSTER}:743` },
        },
    },
    {
        type: "pulumi:providers:kubernetes",
        name: "ml-eks-k8s",
        source: `${CLUSTER}:914 always`,
        properties: {
            kubeconfig: { value: JSON.stringify(KUBECONFIG), source: `${CLUSTER}:917, generateKubeconfig :203-277` },
            enableConfigMapMutable: { value: "true", source: `${CLUSTER}:918; a provider's arguments travel as JSON` },
        },
    },
    {
        type: "aws:eks/accessEntry:AccessEntry",
        name: "ml-admin",
        source: `${CLUSTER}:1051, ${AUTHENTICATION}:185 for every entry`,
        properties: {
            clusterName: { value: "ml-dev", source: `${AUTHENTICATION}:189` },
            principalArn: { value: ADMIN_ROLE, source: `${AUTHENTICATION}:188` },
            tags: { value: { by: "team" }, source: `${AUTHENTICATION}:188` },
        },
    },
    {
        type: "aws:eks/accessEntry:AccessEntry",
        name: "ml-nodes",
        source: `${CLUSTER}:1051, ${AUTHENTICATION}:185 for every entry`,
        properties: {
            clusterName: { value: "ml-dev", source: `${AUTHENTICATION}:189` },
            principalArn: { value: NODE_ROLE, source: `${AUTHENTICATION}:188` },
            type: { value: "EC2_LINUX", source: `${AUTHENTICATION}:188` },
            userName: { value: "node", source: `${AUTHENTICATION}:190` },
        },
    },
    {
        type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        name: "ml-admin-all",
        source: `${AUTHENTICATION}:197 for every policy of an entry`,
        properties: {
            accessScope: { value: { type: "cluster" }, source: `${AUTHENTICATION}:200` },
            principalArn: { value: ADMIN_ROLE, source: `${AUTHENTICATION}:201` },
            policyArn: { value: ADMIN_POLICY, source: `${AUTHENTICATION}:202` },
            clusterName: { value: "ml-dev", source: `${AUTHENTICATION}:203` },
        },
    },
];
