import { Capacity, GpuAmi } from "../../../../components/cluster/eks/args";
import { contractOf } from "../../../../components/cluster/eks/contract";
import { kubeconfigOf } from "../../../../components/cluster/eks/kubeconfig";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { cluster, pool } from "./cluster-args";
import { ofType, Recorded, recordCluster, valueOf } from "./recorded";

const block = pool({
    name: "train",
    instanceTypes: ["p5.48xlarge"],
    capacity: Capacity.CapacityBlock,
    reservationId: "cr-0123456789abcdef0",
    zones: ["eu-west-1a"],
    efa: true,
});

describe("what a cluster tells others", () => {
    it("is plain data about pools and storage", () => {
        const spec = resolveEks(cluster({ gpuPools: [pool(), block], storage: { efs: true } }), "cluster");
        expect(contractOf(spec)).toEqual({
            name: "ml",
            kubernetesVersion: "1.36",
            gpuPools: [
                {
                    name: "tune",
                    resource: "nvidia.com/gpu",
                    gpusPerNode: 1,
                    maxNodes: 4,
                    nodeLabels: { "mlp.dev/pool": "tune" },
                    builtInDevicePlugin: false,
                },
                {
                    name: "train",
                    resource: "nvidia.com/gpu",
                    gpusPerNode: 8,
                    maxNodes: 4,
                    nodeLabels: { "mlp.dev/pool": "train" },
                    builtInDevicePlugin: false,
                    efaInterfaces: 32,
                },
            ],
            storageClass: "gp3",
            storageClasses: { block: "gp3", shared: "efs" },
            workloadIdentity: "pod-identity",
        });
    });

    it("says how GPUs are shared, and where the device plugin comes with the nodes", () => {
        const shared = [
            pool({ name: "slices", sharing: { timeSlices: 4 }, ami: GpuAmi.Bottlerocket }),
            pool({
                name: "parts",
                instanceTypes: ["p4d.24xlarge"],
                ami: GpuAmi.Bottlerocket,
                sharing: { migProfile: "1g.5gb" },
            }),
        ];
        expect(contractOf(resolveEks(cluster({ gpuPools: shared }), "cluster")).gpuPools).toMatchObject([
            { name: "slices", resource: "nvidia.com/gpu", gpusPerNode: 1, timeSlices: 4, builtInDevicePlugin: true },
            { name: "parts", resource: "nvidia.com/mig-1g.5gb", gpusPerNode: 8, migProfile: "1g.5gb" },
        ]);
    });

    it("is a kubeconfig with a command instead of a key", () => {
        const access = {
            clusterName: "ml",
            region: "eu-west-1",
            endpoint: "https://ml.invalid",
            certificateAuthority: "Q0E=",
        };
        const kubeconfig = JSON.parse(kubeconfigOf(access)) as { users: { user: object }[]; clusters: unknown };
        expect(kubeconfig).toMatchObject({
            "current-context": "ml",
            clusters: [{ cluster: { server: "https://ml.invalid", "certificate-authority-data": "Q0E=" } }],
        });
        expect(kubeconfig.users.map(({ user }) => user)).toEqual([
            {
                exec: {
                    apiVersion: "client.authentication.k8s.io/v1",
                    command: "aws",
                    args: ["eks", "get-token", "--output", "json", "--cluster-name", "ml", "--region", "eu-west-1"],
                    interactiveMode: "Never",
                },
            },
        ]);
    });
});

describe("a cluster with an elastic pool and a fixed one", () => {
    let recorded: Recorded;
    beforeAll(async () => {
        recorded = await recordCluster(cluster({ gpuPools: [pool(), block] }));
    }, 60_000);

    it("makes node groups for the system pool and the fixed one", () => {
        expect(Object.keys(ofType(recorded.resources, "aws:eks/nodeGroup:NodeGroup"))).toEqual([
            "cluster-system",
            "cluster-train",
        ]);
    });

    it("leaves the elastic one to the autoscaler, with a dated image", () => {
        const { elastic } = recorded.component;
        expect(elastic?.pools).toMatchObject([
            {
                name: "tune",
                instanceTypes: ["g6.2xlarge"],
                capacity: "on-demand",
                zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
                gpusPerNode: 1,
                efa: false,
                amiAlias: expect.stringMatching(/^al2023@v\d{8}$/) as string,
                taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
            },
        ]);
    });

    it("has the autoscaler tag interfaces so that the CNI may change them", () => {
        expect(recorded.component.elastic?.tags).toEqual({
            team: "platform",
            "cluster.k8s.amazonaws.com/name": "ml",
        });
    });

    it("gives its provider the kubeconfig of the cluster, and a name that outlives it", async () => {
        const kubeconfig = await valueOf(recorded.component.kubeconfig);
        expect(kubeconfig).toContain("https://cluster.eks.invalid");
        expect(ofType(recorded.resources, "pulumi:providers:kubernetes").cluster).toMatchObject({
            kubeconfig,
            clusterIdentifier: "ml",
        });
    });
});
