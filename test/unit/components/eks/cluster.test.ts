import { Capacity } from "../../../../components/cluster/eks/args";
import { cluster, pool } from "./cluster-args";
import { ofType, Recorded, recordCluster } from "./recorded";

/** Kinds that AWS does not tag. */
const UNTAGGED = [
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "aws:efs/backupPolicy:BackupPolicy",
    "aws:efs/mountTarget:MountTarget",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/alias:Alias",
];

describe("a protected cluster with every kind of pool and storage", () => {
    let recorded: Recorded;
    beforeAll(async () => {
        recorded = await recordCluster(
            cluster({
                protect: true,
                gpuPools: [
                    pool(),
                    pool({
                        name: "train",
                        instanceTypes: ["p5.48xlarge"],
                        capacity: Capacity.CapacityBlock,
                        reservationId: "cr-0123456789abcdef0",
                        zones: ["eu-west-1a"],
                        efa: true,
                    }),
                ],
                storage: { efs: true, lustre: { zone: "eu-west-1a", capacityGiB: 1200 } },
            }),
        );
    }, 60_000);

    const inputs = (type: string) => ofType(recorded.resources, type);
    const optionsOf = (key: string) => recorded.options.get(key)!;

    it("gives every resource an explicit provider", () => {
        const without = recorded.resources.filter(
            ({ provider, type }) => provider === "" && !type.startsWith("pulumi:") && !type.startsWith("mlp:"),
        );
        expect(without.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
        expect(recorded.resources.length).toBeGreaterThan(80);
    });

    it("tags every resource that AWS can tag", () => {
        const bare = recorded.resources.filter(
            ({ type, inputs: { tags } }) =>
                type.startsWith("aws:") &&
                !UNTAGGED.includes(type) &&
                (tags as Record<string, string> | undefined)?.team !== "platform",
        );
        expect(bare.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    });

    it("says every safe argument of the control plane", () => {
        expect(inputs("eks:index:Cluster").cluster).toMatchObject({
            name: "ml",
            version: "1.36",
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: true,
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
            authenticationMode: "API",
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            encryptionConfigKeyArn: expect.stringContaining(":kms:") as string,
            skipDefaultNodeGroup: true,
            skipDefaultSecurityGroups: true,
            createInstanceRole: false,
            createOidcProvider: false,
            bootstrapSelfManagedAddons: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: { enabled: false },
            corednsAddonOptions: { enabled: false },
        });
        expect(inputs("eks:index:Cluster").cluster).not.toHaveProperty("publicAccessCidrs");
    });

    it("gives rights in the cluster to the administrators and to nodes, and to nobody else", () => {
        const entries = inputs("eks:index:Cluster").cluster!.accessEntries as Record<string, unknown>;
        expect(Object.keys(entries)).toEqual(["admin-platform-admin", "nodes"]);
        expect(entries["admin-platform-admin"]).toMatchObject({
            principalArn: "arn:aws:iam::123456789012:role/platform-admin",
            accessPolicies: {
                admin: {
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    accessScope: { type: "cluster" },
                },
            },
        });
        expect(entries.nodes).toMatchObject({ type: "EC2_LINUX" });
    });

    it("makes the log group that EKS writes to before the cluster, encrypted and kept for a time", () => {
        const group = "aws:cloudwatch/logGroup:LogGroup cluster-control-plane";
        expect(optionsOf("eks:index:Cluster cluster").dependsOn).toContain(group);
        expect(inputs("aws:cloudwatch/logGroup:LogGroup")["cluster-control-plane"]).toMatchObject({
            name: "/aws/eks/ml/cluster",
            retentionInDays: 90,
            kmsKeyId: expect.stringContaining(":kms:") as string,
        });
    });

    it("rotates the key and waits a month before it is gone", () => {
        expect(inputs("aws:kms/key:Key")["cluster-key"]).toMatchObject({
            enableKeyRotation: true,
            deletionWindowInDays: 30,
        });
    });

    it("pins every add-on and settles conflicts on purpose", () => {
        const addons = Object.values(inputs("aws:eks/addon:Addon"));
        expect(addons.map(({ addonName }) => addonName).sort()).toEqual([
            "aws-ebs-csi-driver",
            "aws-efs-csi-driver",
            "aws-fsx-csi-driver",
            "aws-mountpoint-s3-csi-driver",
            "coredns",
            "eks-node-monitoring-agent",
            "eks-pod-identity-agent",
            "kube-proxy",
            "vpc-cni",
        ]);
        for (const addon of addons) {
            expect(addon.addonVersion).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
            expect(addon).toMatchObject({
                resolveConflictsOnCreate: "OVERWRITE",
                resolveConflictsOnUpdate: "OVERWRITE",
                preserve: false,
            });
        }
    });

    it("gives pods the addresses of their own subnets and lets network policies through to the CNI", () => {
        const values = JSON.parse(inputs("aws:eks/addon:Addon")["cluster-vpc-cni"]!.configurationValues as string) as {
            eniConfig: { subnets: Record<string, { id: string; securityGroups: string[] }> };
        };
        expect(values).toMatchObject({
            enableNetworkPolicy: "true",
            env: { ENABLE_PREFIX_DELEGATION: "true", CLUSTER_NAME: "ml", AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true" },
            eniConfig: { create: true, region: "eu-west-1" },
        });
        expect(values.eniConfig.subnets["eu-west-1b"]).toEqual({
            id: "cluster-pods-eu-west-1b-id",
            securityGroups: ["sg-0123456789abcdef0"],
        });
    });

    it("gives each add-on that calls AWS a role for its one service account", () => {
        const associations = Object.values(inputs("aws:eks/addon:Addon")).flatMap(
            ({ podIdentityAssociations }) => (podIdentityAssociations ?? []) as { serviceAccount: string }[],
        );
        expect(associations.map(({ serviceAccount }) => serviceAccount).sort()).toEqual([
            "aws-node",
            "ebs-csi-controller-sa",
            "efs-csi-controller-sa",
            "fsx-csi-controller-sa",
        ]);
    });

    it("goes network, control plane, early add-ons, nodes, late add-ons, Kubernetes objects, and back", () => {
        const system = "aws:eks/nodeGroup:NodeGroup cluster-system";
        expect(optionsOf(system).dependsOn).toEqual(
            expect.arrayContaining([
                "aws:eks/addon:Addon cluster-vpc-cni",
                "aws:eks/addon:Addon cluster-eks-pod-identity-agent",
                "aws:ec2/route:Route cluster-private-eu-west-1a",
                "aws:ec2/vpcEndpoint:VpcEndpoint cluster-s3",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-node-AmazonEKSWorkerNodePolicy",
            ]),
        );
        expect(optionsOf("aws:eks/addon:Addon cluster-coredns").dependsOn).toContain(system);
        expect(optionsOf("pulumi:providers:kubernetes cluster").dependsOn).toEqual(
            expect.arrayContaining([
                system,
                "aws:eks/nodeGroup:NodeGroup cluster-train",
                "aws:eks/addon:Addon cluster-coredns",
                "aws:eks/addon:Addon cluster-aws-ebs-csi-driver",
            ]),
        );
        const objects = recorded.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        expect(new Set(objects.map(({ provider }) => provider))).toEqual(
            new Set([
                "urn:pulumi:local::mlp::mlp:index:EksGpuCluster$pulumi:providers:kubernetes::cluster::cluster-id",
            ]),
        );
    });

    it("protects what holds data, the key to it and the cluster, and nothing else", () => {
        const kept = [...recorded.options].filter(([, { protect }]) => protect).map(([key]) => key);
        expect(kept.sort()).toEqual([
            "aws:efs/fileSystem:FileSystem cluster-efs",
            "aws:fsx/lustreFileSystem:LustreFileSystem cluster-lustre",
            "aws:kms/alias:Alias cluster-key",
            "aws:kms/key:Key cluster-key",
            "eks:index:Cluster cluster",
        ]);
    });

    it("keeps volumes that nobody claims any more, in encrypted gp3 by default", () => {
        const classes = inputs("kubernetes:storage.k8s.io/v1:StorageClass");
        expect(classes["cluster-gp3"]).toMatchObject({
            metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
            parameters: { type: "gp3", encrypted: "true" },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: "Retain",
        });
        expect(classes["cluster-efs"]).toMatchObject({ parameters: { fileSystemId: "cluster-efs-id" } });
        expect(inputs("kubernetes:core/v1:PersistentVolume")["cluster-lustre"]).toMatchObject({
            spec: { csi: { volumeHandle: "cluster-lustre-id" }, persistentVolumeReclaimPolicy: "Retain" },
        });
    });

    it("encrypts every file system and volume with the cluster's key", () => {
        const { arn } = { arn: expect.stringContaining(":kms:") as string };
        expect(inputs("aws:efs/fileSystem:FileSystem")["cluster-efs"]).toMatchObject({
            encrypted: true,
            kmsKeyId: arn,
        });
        expect(inputs("aws:fsx/lustreFileSystem:LustreFileSystem")["cluster-lustre"]).toMatchObject({ kmsKeyId: arn });
        for (const { blockDeviceMappings } of Object.values(inputs("aws:ec2/launchTemplate:LaunchTemplate"))) {
            for (const { ebs } of blockDeviceMappings as { ebs: object }[]) {
                expect(ebs).toMatchObject({ encrypted: "true", kmsKeyId: arn, volumeType: "gp3" });
            }
        }
    });
});

describe("the API server's public endpoint", () => {
    it("opens to the named ranges alone", async () => {
        const { resources } = await recordCluster(cluster({ endpoint: { allowedCidrs: ["192.0.2.0/24"] } }));
        expect(ofType(resources, "eks:index:Cluster").cluster).toMatchObject({
            endpointPrivateAccess: true,
            endpointPublicAccess: true,
            publicAccessCidrs: ["192.0.2.0/24"],
        });
    }, 30_000);
});
