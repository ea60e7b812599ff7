import { z } from "zod";

import { Capacity, GpuAmi, NatGateways, Scaling } from "../components/cluster/eks/args";
import { name } from "./config-names";

const zone = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone, such as eu-west-1a");
const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 range, such as 10.0.0.0/16");
const subnets = z.record(zone, z.string().regex(/^subnet-[0-9a-f]+$/, "the id of a subnet: subnet-…"));
const tagged = z.record(z.string(), z.string());

const network = z
    .strictObject({
        zones: z.array(zone).describe("Two or three availability zones, such as `eu-west-1a`."),
        cidr: cidr
            .exactOptional()
            .describe("IPv4 range of nodes, load balancers and endpoints. Default: `10.0.0.0/16`."),
        podCidr: cidr.exactOptional().describe("Second range, for pods alone. Default: `100.64.0.0/16`."),
        natGateways: z
            .enum(NatGateways)
            .exactOptional()
            .describe("NAT gateways: `single`, `per-zone` or `none`. Default: `single` in dev, else `per-zone`."),
        flowLogDays: z.int().min(1).exactOptional().describe("Days that VPC flow logs are kept. Default: 90."),
    })
    .describe("A VPC to make. Either this or `existingNetwork`.");

const existingNetwork = z
    .strictObject({
        vpcId: z
            .string()
            .regex(/^vpc-[0-9a-f]+$/, "the id of a VPC: vpc-…")
            .describe("Id of the VPC."),
        nodeSubnets: subnets.describe("By zone: the subnet of nodes and of the control plane's interfaces."),
        podSubnets: subnets.exactOptional().describe("By zone: the subnet of pods. Default: the nodes'."),
    })
    .describe("A VPC that exists.");

const taint = z.strictObject({
    key: z.string().describe("Key of the taint."),
    value: z.string().exactOptional().describe("Value of the taint. Default: none."),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).describe("What it does to other pods."),
});

const sharing = z
    .strictObject({
        timeSlices: z.int().exactOptional().describe("Pods that take turns on each GPU, 2 to 48. Default: none share."),
        migProfile: z.string().exactOptional().describe("MIG profile of every GPU, such as `1g.10gb`. Default: none."),
    })
    .describe("GPUs shared by several pods. At most one of the two.");

const systemPool = z
    .strictObject({
        instanceTypes: z.array(z.string()).exactOptional().describe("EC2 types. Default: `m7i.large`."),
        min: z.int().exactOptional().describe("Nodes at least. Default: 2."),
        max: z.int().exactOptional().describe("Nodes at most. Default: 4."),
        diskGiB: z.int().exactOptional().describe("Encrypted gp3 root volume. Default: 60."),
    })
    .describe("Nodes for controllers and everything without a GPU.");

const gpuPool = z.strictObject({
    name: name.describe("Unique name of the pool."),
    instanceTypes: z.array(z.string()).describe("EC2 types with the same number of GPUs."),
    capacity: z
        .enum(Capacity)
        .exactOptional()
        .describe("How it is bought: `on-demand`, `spot`, `reserved` or `capacity-block`. Default: `on-demand`."),
    scaling: z
        .enum(Scaling)
        .exactOptional()
        .describe("`elastic` (Karpenter) or `fixed` (node group). Default: `fixed` for what is reserved."),
    zones: z.array(zone).exactOptional().describe("Zones of the network. Default: all of them."),
    min: z.int().exactOptional().describe("Nodes that always run. Default: 0."),
    max: z.int().describe("Nodes at most."),
    reservationId: z.string().exactOptional().describe("Capacity reservation `cr-…`, for what is reserved."),
    diskGiB: z.int().exactOptional().describe("Encrypted gp3 root volume. Default: 200."),
    ami: z.enum(GpuAmi).exactOptional().describe("`al2023-nvidia` or `bottlerocket-nvidia`. Default: `al2023-nvidia`."),
    efa: z.boolean().exactOptional().describe("Elastic Fabric Adapter and a placement group. Default: false."),
    sharing: sharing.exactOptional(),
    labels: tagged.exactOptional().describe("Node labels beside the platform's own. Default: none."),
    taints: z.array(taint).exactOptional().describe("Taints beside `nvidia.com/gpu`. Default: none."),
});

const lustre = z
    .strictObject({
        zone: zone.describe("Zone of the file system: that of the GPUs."),
        capacityGiB: z.int().describe("1200, or a multiple of 2400."),
        throughput: z.int().exactOptional().describe("MB/s for each TiB: 125, 250, 500 or 1000. Default: 250."),
    })
    .describe("FSx for Lustre, for training on several nodes. Default: none.");

const storage = z
    .strictObject({
        efs: z.boolean().exactOptional().describe("EFS, shared by the pods of all zones. Default: false."),
        lustre: lustre.exactOptional(),
    })
    .describe("Shared file systems beside gp3 volumes.");

/** `cluster` of kind `eks`: the arguments of EksGpuCluster, as far as the environment does not decide them. */
export const eks = z
    .strictObject({
        kind: z.literal("eks"),
        account: z
            .string()
            .regex(/^\d{12}$/, "an AWS account: twelve digits, in quotes")
            .describe("AWS account that it belongs to, in quotes; credentials of another one are refused."),
        region: z
            .string()
            .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, such as eu-west-1")
            .describe("AWS region, such as `eu-west-1`."),
        clusterName: z
            .string()
            .exactOptional()
            .describe("Name in AWS; it cannot change. Default: `mlp-<environment>`."),
        version: z.string().describe('Kubernetes minor version in quotes, such as `"1.36"`. One minor at a time.'),
        admins: z.array(z.string()).describe("ARNs of the IAM roles that administer the cluster: at least one."),
        network: network.exactOptional(),
        existingNetwork: existingNetwork.exactOptional(),
        endpoint: z
            .strictObject({
                allowedCidrs: z.array(cidr).default([]).describe("Ranges that may connect over the internet."),
            })
            .exactOptional()
            .describe("Who reaches the API server from outside the VPC. Default: nobody."),
        systemPool: systemPool.exactOptional(),
        gpuPools: z.array(gpuPool).default([]).describe("GPU nodes of the cluster."),
        storage: storage.exactOptional(),
        addonVersions: tagged
            .exactOptional()
            .describe("Versions of EKS add-ons by name, in place of the pinned ones. Default: none."),
        protect: z.boolean().exactOptional().describe("Refuse to delete it. Default: true in staging and prod."),
        logDays: z.int().min(1).exactOptional().describe("Days that control-plane logs are kept. Default: 90."),
    })
    .describe("A cluster on AWS that this stack makes.");

/** `cluster` of kind `eks` with the schema's defaults. */
export type EksConfig = z.output<typeof eks>;
