import { Capacity, GpuAmi, NatGateways, Scaling } from "../../../../components/cluster/eks/args";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { cluster, pool } from "./cluster-args";

describe("resolveEks", () => {
    it("fills every default in", () => {
        const spec = resolveEks(cluster(), "cluster");
        expect(spec).toMatchObject({
            endpoint: { private: true, allowedCidrs: [] },
            network: {
                kind: "new",
                cidr: "10.0.0.0/16",
                podCidr: "100.64.0.0/16",
                serviceCidr: "172.20.0.0/16",
                natGateways: NatGateways.PerZone,
                flowLogDays: 90,
            },
            systemPool: {
                name: "system",
                instanceTypes: ["m7i.large"],
                min: 2,
                max: 4,
                amiType: "AL2023_x86_64_STANDARD",
            },
            protect: false,
            logDays: 90,
            storage: { efs: false },
        });
        expect(spec.gpuPools).toEqual([
            {
                name: "tune",
                instanceTypes: ["g6.2xlarge"],
                capacity: Capacity.OnDemand,
                scaling: Scaling.Elastic,
                zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
                min: 0,
                max: 4,
                diskGiB: 200,
                amiType: "AL2023_x86_64_NVIDIA",
                architecture: "amd64",
                maxPods: 110,
                labels: {
                    "mlp.dev/pool": "tune",
                    "nvidia.com/gpu.present": "true",
                    "nvidia.com/gpu.product": "NVIDIA-L4",
                    "nvidia.com/gpu.memory": "22888",
                    "nvidia.com/gpu.count": "1",
                    "nvidia.com/gpu.replicas": "1",
                },
                taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
                gpu: {
                    ami: GpuAmi.Al2023,
                    count: 1,
                    product: "L4",
                    memoryGiB: 22,
                    allocatable: 1,
                    resource: "nvidia.com/gpu",
                    efaInterfaces: 0,
                },
            },
        ]);
    });

    it("gives the same answer every time, frozen all the way down", () => {
        const spec = resolveEks(cluster(), "cluster");
        expect(JSON.stringify(resolveEks(cluster(), "cluster"))).toBe(JSON.stringify(spec));
        const thawed = (value: unknown): boolean =>
            typeof value === "object" &&
            value !== null &&
            (!Object.isFrozen(value) || Object.values(value).some(thawed));
        expect(thawed(spec)).toBe(false);
    });

    it("offers the partitions of a MIG profile under the profile's own resource", () => {
        const cut = { ami: GpuAmi.Bottlerocket, sharing: { migProfile: "2g.20gb" } };
        const training = pool({ instanceTypes: ["p5.48xlarge"], ...cut });
        expect(resolveEks(cluster({ gpuPools: [training] }), "cluster").gpuPools[0]?.gpu).toMatchObject({
            count: 8,
            allocatable: 24,
            resource: "nvidia.com/mig-2g.20gb",
            migProfile: "2g.20gb",
        });
    });

    it("multiplies GPUs that pods take turns on", () => {
        const shared = pool({ instanceTypes: ["g5.12xlarge"], sharing: { timeSlices: 3 } });
        expect(resolveEks(cluster({ gpuPools: [shared] }), "cluster").gpuPools[0]?.gpu).toMatchObject({
            count: 4,
            allocatable: 12,
            resource: "nvidia.com/gpu",
        });
    });

    it("labels nodes as GPU feature discovery would, with what all types of the pool have in common", () => {
        const labelsOf = (some: Parameters<typeof pool>[0]) =>
            resolveEks(cluster({ gpuPools: [pool(some)] }), "cluster").gpuPools[0]?.labels;
        expect(labelsOf({ instanceTypes: ["g5.12xlarge"], sharing: { timeSlices: 3 } })).toMatchObject({
            "nvidia.com/gpu.product": "NVIDIA-A10G-SHARED",
            "nvidia.com/gpu.count": "4",
            "nvidia.com/gpu.replicas": "3",
        });
        const mixed = labelsOf({ instanceTypes: ["g5.xlarge", "g6.xlarge"] });
        expect(mixed).toMatchObject({ "nvidia.com/gpu.memory": "22888", "nvidia.com/gpu.count": "1" });
        expect(mixed).not.toHaveProperty(["nvidia.com/gpu.product"]);
        expect(labelsOf({ instanceTypes: ["g5.xlarge", "g6e.xlarge"] })).not.toHaveProperty(["nvidia.com/gpu.memory"]);
    });

    it("labels nodes with Elastic Fabric Adapters and counts their interfaces", () => {
        const training = pool({ instanceTypes: ["p4d.24xlarge"], efa: true, zones: ["eu-west-1b"] });
        const [resolved] = resolveEks(cluster({ gpuPools: [training] }), "cluster").gpuPools;
        expect(resolved?.labels).toMatchObject({ "vpc.amazonaws.com/efa.present": "true" });
        expect(resolved?.gpu?.efaInterfaces).toBe(4);
        expect(resolved?.zones).toEqual(["eu-west-1b"]);
    });

    it("reaches everything through endpoints where there is no NAT gateway", () => {
        const network = { zones: ["eu-west-1a", "eu-west-1b"], natGateways: NatGateways.None };
        const spec = resolveEks(cluster({ network, storage: { efs: true } }), "cluster");
        expect(spec.network).toMatchObject({ publicSubnets: [] });
        expect(spec.network.kind === "new" && spec.network.interfaceEndpoints).toEqual([
            "autoscaling",
            "ec2",
            "ec2messages",
            "ecr.api",
            "ecr.dkr",
            "eks",
            "eks-auth",
            "elasticfilesystem",
            "elasticloadbalancing",
            "kms",
            "logs",
            "sqs",
            "ssm",
            "ssmmessages",
            "sts",
        ]);
    });
});
