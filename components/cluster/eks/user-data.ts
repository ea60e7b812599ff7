import { GpuAmi } from "./args";
import { PoolSpec } from "./spec";

/**
 * What a node is told beyond what EKS tells it. Managed node groups and Karpenter merge it with their own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
 */
export function userDataOf(pool: PoolSpec): string {
    return pool.gpu?.ami === GpuAmi.Bottlerocket ? bottlerocketSettings(pool) : nodeadmConfig(pool);
}

/** @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/ */
function nodeadmConfig({ maxPods, gpu }: PoolSpec): string {
    const config = {
        apiVersion: "node.eks.aws/v1alpha1",
        kind: "NodeConfig",
        spec: {
            kubelet: { config: { maxPods } },
            // One array over the local NVMe disks for images and scratch; nothing happens where there are none.
            ...(gpu && { instance: { localStorage: { strategy: "RAID0" } } }),
        },
    };
    return [
        "MIME-Version: 1.0",
        `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
        "",
        `--${BOUNDARY}`,
        "Content-Type: application/node.eks.aws",
        "",
        // JSON is YAML.
        JSON.stringify(config),
        `--${BOUNDARY}--`,
        "",
    ].join("\n");
}

const BOUNDARY = "nodeadm";

/** @see https://bottlerocket.dev/en/os/latest/api/settings/kubelet-device-plugins/ */
function bottlerocketSettings({ maxPods, gpu }: PoolSpec): string {
    const lines = ["[settings.kubernetes]", `max-pods = ${maxPods}`];
    const plugin = "settings.kubelet-device-plugins.nvidia";
    if (gpu?.timeSlices !== undefined) {
        lines.push(`[${plugin}]`, 'device-sharing-strategy = "time-slicing"');
        lines.push(`[${plugin}.time-slicing]`, `replicas = ${gpu.timeSlices}`);
    }
    if (gpu?.migProfile !== undefined) {
        lines.push(`[${plugin}]`, 'device-partitioning-strategy = "mig"');
        lines.push(`[${plugin}.mig.profile]`, `"${migKey(gpu.product, gpu.memoryGiB)}" = "${gpu.migProfile}"`);
    }
    return `${lines.join("\n")}\n`;
}

/**
 * Bottlerocket names a GPU by product and the memory on its box: `h100.80gb`, `rtxpro6000.96gb`. What EC2 reports of a
 * B200 is a little less than that.
 */
function migKey(product: string, memoryGiB: number): string {
    return `${product.toLowerCase().replaceAll("-", "")}.${memoryGiB === 179 ? 180 : memoryGiB}gb`;
}
