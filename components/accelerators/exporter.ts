import * as k8s from "@pulumi/kubernetes";

import { GPU_PRESENT, NodeAgent, Waivers } from "./node-agent";

export const METRICS_PORT = 9400;

const CONFIGURATION = "/etc/mlp";
const FILE = "counters.csv";

export const EXPORTER_WAIVERS: Waivers = {
    "pod-no-host-path": "the kubelet tells over a socket on the node which pod has which GPU",
    "pod-run-as-non-root": "that socket belongs to root",
};

/** One row of DCGM's list: field, Prometheus type, help. */
type Counter = readonly [field: string, type: "gauge" | "counter" | "label", help: string];

/**
 * What a scheduler, an alert and a bill need. Profiling fields (`DCGM_FI_PROF_…`) are left out: they want SYS_ADMIN.
 * GPU utilisation is not told for MIG partitions without them.
 *
 * @see https://docs.nvidia.com/datacenter/dcgm/latest/dcgm-api/dcgm-api-field-ids.html
 */
const COUNTERS: readonly Counter[] = [
    ["DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU utilization in percent."],
    ["DCGM_FI_DEV_MEM_COPY_UTIL", "gauge", "Utilization of the memory interface in percent."],
    ["DCGM_FI_DEV_FB_USED", "gauge", "Memory used in MiB."],
    ["DCGM_FI_DEV_FB_FREE", "gauge", "Memory free in MiB."],
    ["DCGM_FI_DEV_SM_CLOCK", "gauge", "Clock of the multiprocessors in MHz."],
    ["DCGM_FI_DEV_GPU_TEMP", "gauge", "Temperature in degrees Celsius."],
    ["DCGM_FI_DEV_MEMORY_TEMP", "gauge", "Temperature of the memory in degrees Celsius."],
    ["DCGM_FI_DEV_POWER_USAGE", "gauge", "Power in watts."],
    ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Energy since boot in millijoules."],
    ["DCGM_FI_DEV_XID_ERRORS", "gauge", "Last error of the driver (XID)."],
    ["DCGM_FI_DEV_PCIE_REPLAY_COUNTER", "counter", "Retries on PCIe."],
    ["DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", "counter", "Traffic over NVLink."],
    ["DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", "counter", "Memory rows remapped after uncorrectable errors."],
    ["DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", "counter", "Memory rows remapped after correctable errors."],
    ["DCGM_FI_DEV_ROW_REMAP_FAILURE", "gauge", "Whether remapping of a row has failed."],
    ["DCGM_FI_DRIVER_VERSION", "label", "Version of the driver."],
];

export function exporterCounters(): { [file: string]: string } {
    return { [FILE]: COUNTERS.map((row) => `${row.join(", ")}\n`).join("") };
}

/** NVIDIA's DCGM exporter on every node with a GPU: metrics of each GPU, with the pod that has it. */
export function exporter(name: string, image: string, counters: k8s.core.v1.ConfigMap): NodeAgent {
    const health = { httpGet: { path: "/health", port: "metrics" }, timeoutSeconds: 5 };
    return {
        name,
        component: "exporter",
        nodeSelector: { [GPU_PRESENT]: "true" },
        container: {
            image,
            args: ["--collectors", `${CONFIGURATION}/${FILE}`],
            env: [
                { name: "DCGM_EXPORTER_LISTEN", value: `:${METRICS_PORT}` },
                { name: "DCGM_EXPORTER_KUBERNETES", value: "true" },
                { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "NVIDIA_VISIBLE_DEVICES", value: "all" },
                { name: "NVIDIA_DRIVER_CAPABILITIES", value: "compute,utility" },
            ],
            ports: [{ name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" }],
            // Loading DCGM for eight GPUs takes most of a minute.
            livenessProbe: { ...health, initialDelaySeconds: 60, periodSeconds: 15 },
            readinessProbe: { ...health, periodSeconds: 5 },
        },
        hostMounts: [
            { name: "pod-resources", path: "/var/lib/kubelet/pod-resources", type: "Directory", readOnly: true },
            // Bottlerocket gives unprivileged pods GPUs by mounts of this form, not by the variable above.
            {
                name: "all-gpus",
                path: "/dev/null",
                type: "CharDevice",
                mountPath: "/var/run/nvidia-container-devices/all",
                readOnly: true,
            },
        ],
        scratch: ["/tmp", "/var/log"],
        configuration: { configMap: counters, mountPath: CONFIGURATION },
        memory: { request: "128Mi", limit: "512Mi" },
    };
}
