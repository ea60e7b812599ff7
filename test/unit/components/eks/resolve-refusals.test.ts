import {
    Capacity,
    EksGpuClusterArgs,
    EksGpuPoolArgs,
    GpuAmi,
    NatGateways,
    Scaling,
} from "../../../../components/cluster/eks/args";
import { resolveEks } from "../../../../components/cluster/eks/resolve";
import { InvalidConfiguration, Problem } from "../../../../components/problems";
import { cluster, pool } from "./cluster-args";

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const [zone = ""] = zones;
const reservationId = "cr-0123456789abcdef0";
const lustre = { zone, capacityGiB: 1200 };
const role = "arn:aws:iam::123456789012:role/admin";
const partitioned = { sharing: { migProfile: "1g.10gb" } };
const MIG_PROFILE = "gpuPools[0].sharing.migProfile";

const inPool = (different: Partial<EksGpuPoolArgs>) => ({ gpuPools: [pool(different)] });
const inNetwork = (different: object) => ({ network: { zones, ...different } });
/** Values that TypeScript refuses reach the component from other languages and from YAML. */
const untyped = <T>(value: string): T => value as T;

const refusals: [what: string, different: Partial<EksGpuClusterArgs>, path: string][] = [
    ["a name that AWS would refuse", { clusterName: "My cluster" }, "clusterName"],
    ["a version without its minor", { version: "1" }, "version"],
    ["a version that EKS never had", { version: "1.99" }, "version"],
    ["a version with a patch", { version: "1.36.1" }, "version"],
    ["a version whose standard support has ended", { version: "1.33" }, "version"],
    ["a version on the day after its standard support", { version: "1.34", today: "2026-12-03" }, "version"],
    ["a version that is not released yet", { version: "1.36", today: "2026-06-01" }, "version"],
    ["a day that is none", { today: "tomorrow" }, "today"],
    ["a region that is none", { region: "Ireland" }, "region"],
    ["zones of another region", { region: "us-east-1" }, "network.zones[0]"],
    ["neither a network nor an existing one", { network: undefined as never }, "network"],
    ["both a network and an existing one", { existingNetwork: { vpcId: "vpc-1", nodeSubnets: {} } }, "existingNetwork"],
    ["one zone", { network: { zones: [zone] }, gpuPools: [] }, "network.zones"],
    ["four zones", { network: { zones: [...zones, "eu-west-1d"] } }, "network.zones"],
    ["the same zone twice", { network: { zones: [zone, zone] } }, "network.zones[1]"],
    ["a local zone", { network: { zones: [zone, "eu-west-1-lon-1a"] } }, "network.zones[1]"],
    ["a VPC range that is no range", inNetwork({ cidr: "10.0.0.0" }), "network.cidr"],
    ["a VPC range that begins amid itself", inNetwork({ cidr: "10.0.1.0/16" }), "network.cidr"],
    ["a VPC range that AWS cannot make", inNetwork({ cidr: "10.0.0.0/8" }), "network.cidr"],
    ["a VPC of public addresses", inNetwork({ cidr: "8.8.0.0/16" }), "network.cidr"],
    [
        "a VPC too small for its nodes",
        { ...inNetwork({ cidr: "10.0.0.0/24" }), ...inPool({ max: 20 }) },
        "network.cidr",
    ],
    ["a pod range too small for its pods", inNetwork({ podCidr: "100.64.0.0/20" }), "network.podCidr"],
    ["a pod range of the wrong size", inNetwork({ podCidr: "100.64.0.0/24" }), "network.podCidr"],
    ["a pod range among private addresses", inNetwork({ podCidr: "10.1.0.0/16" }), "network.podCidr"],
    ["a pod range over the VPC's", inNetwork({ podCidr: "10.0.0.0/16" }), "network.podCidr"],
    ["an unknown way out", inNetwork({ natGateways: untyped<NatGateways>("many") }), "network.natGateways"],
    ["days that CloudWatch does not know, of flow logs", inNetwork({ flowLogDays: 91 }), "network.flowLogDays"],
    [
        "pod subnets that lack a zone",
        {
            network: undefined as never,
            existingNetwork: {
                vpcId: "vpc-1",
                nodeSubnets: { "eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b" },
                podSubnets: { "eu-west-1a": "subnet-c" },
            },
            gpuPools: [],
        },
        "existingNetwork.podSubnets",
    ],
    ["the whole internet", { endpoint: { allowedCidrs: ["0.0.0.0/0"] } }, "endpoint.allowedCidrs[0]"],
    ["the whole internet by IPv6", { endpoint: { allowedCidrs: ["::/0"] } }, "endpoint.allowedCidrs[0]"],
    ["half of the internet", { endpoint: { allowedCidrs: ["128.0.0.0/1"] } }, "endpoint.allowedCidrs[0]"],
    ["private addresses from outside", { endpoint: { allowedCidrs: ["10.1.0.0/16"] } }, "endpoint.allowedCidrs[0]"],
    ["a host without its length", { endpoint: { allowedCidrs: ["203.0.113.7"] } }, "endpoint.allowedCidrs[0]"],
    ["nobody as administrator", { admins: [] }, "admins"],
    ["a user as administrator", { admins: ["arn:aws:iam::123456789012:user/ana"] }, "admins[0]"],
    ["a session as administrator", { admins: [role, "arn:aws:sts::123456789012:assumed-role/a/b"] }, "admins[1]"],
    ["an administrator twice", { admins: [role, role] }, "admins[1]"],
    ["a tag of AWS's own", { tags: { "aws:team": "a" } }, "tags.aws:team"],
    ["a tag's value that is too long", { tags: { team: "a".repeat(257) } }, "tags.team"],
    [
        "more tags than a resource holds",
        { tags: Object.fromEntries([...Array(41).keys()].map((index) => [`tag${index}`, "a"])) },
        "tags",
    ],
    ["days that CloudWatch does not know", { logDays: 100 }, "logDays"],
    ["an add-on that is unknown", { addonVersions: { cilium: "v1.0.0-eksbuild.1" } }, "addonVersions.cilium"],
    ["an add-on's version that floats", { addonVersions: { "vpc-cni": "latest" } }, "addonVersions.vpc-cni"],
    [
        "Lustre in a zone without subnets",
        { storage: { lustre: { ...lustre, zone: "eu-west-1z" } } },
        "storage.lustre.zone",
    ],
    [
        "Lustre of a size in between",
        { storage: { lustre: { ...lustre, capacityGiB: 3600 } } },
        "storage.lustre.capacityGiB",
    ],
    ["Lustre of size 0", { storage: { lustre: { ...lustre, capacityGiB: 0 } } }, "storage.lustre.capacityGiB"],
    [
        "Lustre at a speed in between",
        { storage: { lustre: { ...lustre, throughput: 300 } } },
        "storage.lustre.throughput",
    ],
    ["a system pool that scales to zero", { systemPool: { min: 0 } }, "systemPool.min"],
    ["a system pool with GPUs", { systemPool: { instanceTypes: ["g6.xlarge"] } }, "systemPool.instanceTypes[0]"],
    ["a system pool of tiny nodes", { systemPool: { instanceTypes: ["t3.small"] } }, "systemPool.instanceTypes[0]"],
    [
        "a system pool of two architectures",
        { systemPool: { instanceTypes: ["m7i.large", "m7g.large"] } },
        "systemPool.instanceTypes[1]",
    ],
    ["a system pool with more nodes at least than at most", { systemPool: { min: 3, max: 2 } }, "systemPool.min"],
    ["two pools of one name", { gpuPools: [pool(), pool()] }, "gpuPools[1].name"],
    ["a pool named like the system's", inPool({ name: "system" }), "gpuPools[0].name"],
    ["a pool's name with capitals", inPool({ name: "Tune" }), "gpuPools[0].name"],
    ["no instance type", inPool({ instanceTypes: [] }), "gpuPools[0].instanceTypes"],
    ["an unknown instance type", inPool({ instanceTypes: ["g6.3xlarge"] }), "gpuPools[0].instanceTypes[0]"],
    ["a fraction of a GPU", inPool({ instanceTypes: ["g6f.xlarge"] }), "gpuPools[0].instanceTypes[0]"],
    ["a type without GPUs", inPool({ instanceTypes: ["m7i.large"] }), "gpuPools[0].instanceTypes[0]"],
    ["a type twice", inPool({ instanceTypes: ["g6.xlarge", "g6.xlarge"] }), "gpuPools[0].instanceTypes[1]"],
    [
        "types of unequal numbers of GPUs",
        inPool({ instanceTypes: ["g6.xlarge", "g6.12xlarge"] }),
        "gpuPools[0].instanceTypes[1]",
    ],
    [
        "types of two architectures",
        inPool({ instanceTypes: ["g6.xlarge", "g5g.xlarge"] }),
        "gpuPools[0].instanceTypes[1]",
    ],
    [
        "a GPU that the image's driver does not know",
        inPool({ instanceTypes: ["g7.2xlarge"] }),
        "gpuPools[0].instanceTypes[0]",
    ],
    ["an unknown capacity", inPool({ capacity: untyped<Capacity>("cheap") }), "gpuPools[0].capacity"],
    ["an unknown scaling", inPool({ scaling: untyped<Scaling>("auto") }), "gpuPools[0].scaling"],
    ["an unknown image", inPool({ ami: untyped<GpuAmi>("ubuntu") }), "gpuPools[0].ami"],
    ["a zone that the network lacks", inPool({ zones: ["eu-west-1d"] }), "gpuPools[0].zones[0]"],
    ["no zone", inPool({ zones: [] }), "gpuPools[0].zones"],
    ["more nodes at least than at most", inPool({ scaling: Scaling.Fixed, min: 5 }), "gpuPools[0].min"],
    ["nodes that always run in an elastic pool", inPool({ min: 1 }), "gpuPools[0].min"],
    ["no node at most", inPool({ max: 0 }), "gpuPools[0].max"],
    ["half a node", inPool({ max: 1.5 }), "gpuPools[0].max"],
    ["more nodes than a group may have", inPool({ max: 451 }), "gpuPools[0].max"],
    ["a disk too small for images", inPool({ diskGiB: 20 }), "gpuPools[0].diskGiB"],
    ["spot with a reservation", inPool({ capacity: Capacity.Spot, reservationId }), "gpuPools[0].reservationId"],
    ["on-demand with a reservation", inPool({ reservationId }), "gpuPools[0].reservationId"],
    [
        "reserved capacity without its reservation",
        inPool({ capacity: Capacity.Reserved, zones: [zone] }),
        "gpuPools[0].reservationId",
    ],
    ["reserved capacity in several zones", inPool({ capacity: Capacity.Reserved, reservationId }), "gpuPools[0].zones"],
    [
        "a capacity block without its reservation",
        inPool({ capacity: Capacity.CapacityBlock, instanceTypes: ["p5.48xlarge"], zones: [zone] }),
        "gpuPools[0].reservationId",
    ],
    [
        "a reservation's id that is none",
        inPool({ capacity: Capacity.Reserved, zones: [zone], reservationId: "my block" }),
        "gpuPools[0].reservationId",
    ],
    [
        "a capacity block in several zones",
        inPool({ capacity: Capacity.CapacityBlock, instanceTypes: ["p5.48xlarge"], reservationId }),
        "gpuPools[0].zones",
    ],
    [
        "a capacity block in a zone without subnets",
        inPool({
            capacity: Capacity.CapacityBlock,
            instanceTypes: ["p5.48xlarge"],
            reservationId,
            zones: ["eu-west-1d"],
        }),
        "gpuPools[0].zones[0]",
    ],
    [
        "a capacity block of a type that is not sold so",
        inPool({ capacity: Capacity.CapacityBlock, reservationId, zones: [zone] }),
        "gpuPools[0].instanceTypes[0]",
    ],
    [
        "a capacity block that scales",
        inPool({
            capacity: Capacity.CapacityBlock,
            instanceTypes: ["p5.48xlarge"],
            reservationId,
            zones: [zone],
            scaling: Scaling.Elastic,
        }),
        "gpuPools[0].scaling",
    ],
    [
        "a reservation for several types",
        inPool({
            capacity: Capacity.Reserved,
            instanceTypes: ["g6.xlarge", "g6.2xlarge"],
            reservationId,
            zones: [zone],
        }),
        "gpuPools[0].instanceTypes",
    ],
    ["EFA on a type without it", inPool({ efa: true, zones: [zone] }), "gpuPools[0].instanceTypes[0]"],
    ["EFA in several zones", inPool({ efa: true, instanceTypes: ["p4d.24xlarge"] }), "gpuPools[0].zones"],
    [
        "EFA on types of unequal numbers of interfaces",
        inPool({ efa: true, instanceTypes: ["p5en.48xlarge", "p5.48xlarge"], zones: [zone] }),
        "gpuPools[0].instanceTypes[1]",
    ],
    [
        "time-slicing and MIG together",
        inPool({ instanceTypes: ["p5.48xlarge"], sharing: { timeSlices: 2, migProfile: "1g.10gb" } }),
        "gpuPools[0].sharing.timeSlices",
    ],
    ["one time slice", inPool({ sharing: { timeSlices: 1 } }), "gpuPools[0].sharing.timeSlices"],
    ["MIG with an image that cuts no GPUs", inPool({ instanceTypes: ["p5.48xlarge"], ...partitioned }), MIG_PROFILE],
    ["MIG on a GPU without it", inPool(partitioned), MIG_PROFILE],
    [
        "a MIG profile of another GPU",
        inPool({ instanceTypes: ["p4d.24xlarge"], sharing: { migProfile: "1g.10gb.me" } }),
        MIG_PROFILE,
    ],
    [
        "a label of Kubernetes's own",
        inPool({ labels: { "kubernetes.io/os": "bsd" } }),
        "gpuPools[0].labels.kubernetes.io/os",
    ],
    ["a label of the platform's own", inPool({ labels: { "mlp.dev/pool": "x" } }), "gpuPools[0].labels.mlp.dev/pool"],
    ["a label's value with spaces", inPool({ labels: { use: "big jobs" } }), "gpuPools[0].labels.use"],
    [
        "a taint with an effect of AWS's spelling",
        inPool({ taints: [{ key: "a", effect: "NO_SCHEDULE" }] }),
        "gpuPools[0].taints[0].effect",
    ],
    [
        "the platform's taint again",
        inPool({ taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] }),
        "gpuPools[0].taints[0].key",
    ],
    [
        "a taint twice",
        inPool({
            taints: [
                { key: "a", effect: "NoSchedule" },
                { key: "a", value: "b", effect: "NoSchedule" },
            ],
        }),
        "gpuPools[0].taints[1]",
    ],
];

describe("resolveEks refuses", () => {
    it.each(refusals)("%s", (_, different, path) => {
        const problems = problemsOf(cluster(different));
        expect(problems.map((problem) => problem.path)).toContain(`cluster.${path}`);
        for (const { allowed, fix } of problems) expect([allowed, fix]).not.toContain("");
    });

    it("everything at once, not the first thing alone", () => {
        const paths = problemsOf(
            cluster({ version: "1.20", admins: [], gpuPools: [pool({ max: 0 }), pool({ efa: true })] }),
        ).map(({ path }) => path);
        expect(paths).toEqual(
            expect.arrayContaining([
                "cluster.version",
                "cluster.admins",
                "cluster.gpuPools[0].max",
                "cluster.gpuPools[1].name",
                "cluster.gpuPools[1].zones",
                "cluster.gpuPools[1].instanceTypes[0]",
            ]),
        );
    });

    it("an unknown type with names that are close to it", () => {
        const [problem] = problemsOf(cluster(inPool({ instanceTypes: ["p5.24xlarge"] })));
        expect(problem?.allowed).toMatch(/such as p5\.4xlarge, p5\.48xlarge/);
    });

    it("nothing of what it is given as an example", () => {
        expect(() => resolveEks(cluster(), "cluster")).not.toThrow();
    });
});

function problemsOf(args: EksGpuClusterArgs): readonly Problem[] {
    try {
        resolveEks(args, "cluster");
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.problems;
        throw error;
    }
    return [];
}
