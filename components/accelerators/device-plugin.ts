import * as k8s from "@pulumi/kubernetes";

import { GPU, PluginPool } from "./gpu-stack";
import { DEVICE_PLUGINS, GPU_PRESENT, NodeAgent, Waivers } from "./node-agent";

const CONFIGURATION = "/etc/nvidia-device-plugin";
const FILE = "config.yaml";

export const PLUGIN_WAIVERS: Waivers = {
    "pod-no-host-path": "a device plugin registers over the kubelet's socket on the node",
    "pod-run-as-non-root": "the kubelet's socket directory belongs to root",
};

/** Upstream gives SYS_ADMIN to the plugin of partitioned GPUs: MIG's monitor devices want it. */
export const MIG_WAIVERS: Waivers = {
    ...PLUGIN_WAIVERS,
    "pod-drop-all-capabilities": "reading the state of MIG partitions needs SYS_ADMIN",
};

/** The plugin's configuration file. @see https://github.com/NVIDIA/k8s-device-plugin#configuring-the-nvidia-device-plugin-binary */
export function pluginConfiguration({ migStrategy, timeSlices }: PluginPool): { [file: string]: string } {
    const sharing = {
        timeSlicing: {
            // A pod that asks for two slices would not get twice the time: let it know.
            failRequestsGreaterThanOne: true,
            renameByDefault: false,
            resources: [{ name: GPU, replicas: timeSlices }],
        },
    };
    const configuration = {
        version: "v1",
        flags: {
            migStrategy,
            failOnInitError: true,
            plugin: { deviceListStrategy: ["envvar"], deviceIDStrategy: "uuid", passDeviceSpecs: false },
        },
        ...(timeSlices > 1 && { sharing }),
    };
    return { [FILE]: JSON.stringify(configuration) };
}

/** NVIDIA's device plugin for one pool: its own configuration, so that nothing has to read and watch Node objects. */
export function devicePlugin(name: string, image: string, pool: PluginPool, files: k8s.core.v1.ConfigMap): NodeAgent {
    const partitioned = pool.migStrategy !== "none";
    return {
        name,
        component: "device-plugin",
        nodeSelector: { ...pool.nodeLabels, [GPU_PRESENT]: "true" },
        container: {
            image,
            command: ["nvidia-device-plugin"],
            args: [`--config-file=${CONFIGURATION}/${FILE}`],
            env: [
                { name: "NVIDIA_VISIBLE_DEVICES", value: "all" },
                { name: "NVIDIA_DRIVER_CAPABILITIES", value: "compute,utility" },
                ...(partitioned ? [{ name: "NVIDIA_MIG_MONITOR_DEVICES", value: "all" }] : []),
            ],
        },
        ...(partitioned && { capability: "SYS_ADMIN" as const }),
        hostMounts: [{ name: "device-plugins", path: DEVICE_PLUGINS, type: "Directory" }],
        configuration: { configMap: files, mountPath: CONFIGURATION },
        memory: { request: "64Mi", limit: "256Mi" },
    };
}
