import { DEVICE_PLUGINS, EFA_PRESENT, NodeAgent, Waivers } from "./node-agent";

export const EFA_WAIVERS: Waivers = {
    "pod-not-privileged": "AWS runs its plugin so: it reads the topology of adapters and GPUs from the node",
    "pod-no-privilege-escalation": "a privileged container has every right already",
    "pod-drop-all-capabilities": "a privileged container has every capability",
    "pod-no-host-namespaces": "the adapters belong to the node's network",
    "pod-no-host-path": "a device plugin registers over the kubelet's socket on the node",
    "pod-run-as-non-root": "the kubelet's socket directory belongs to root",
};

/** AWS's device plugin, with the rights that AWS's chart gives it: offers each adapter as `vpc.amazonaws.com/efa`. */
export function efaPlugin(name: string, image: string): NodeAgent {
    return {
        name,
        component: "efa-device-plugin",
        nodeSelector: { [EFA_PRESENT]: "true" },
        container: { image },
        privileged: true,
        hostNetwork: true,
        hostMounts: [
            { name: "device-plugins", path: DEVICE_PLUGINS, type: "Directory" },
            { name: "infiniband", path: "/dev/infiniband", type: "Directory" },
        ],
        memory: { request: "32Mi", limit: "128Mi" },
    };
}
