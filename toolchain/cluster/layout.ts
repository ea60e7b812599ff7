import { join } from "node:path";

import { ClusterError } from "./types";

/** Name of the only node. */
export const NODE_NAME = "mlp-local";

/** Addresses inside the cluster's own network namespace; nothing of them is visible on the host. */
export const net = {
    nodeIp: "10.88.0.1",
    nodePrefix: 24,
    apiPort: 6443,
    serviceRange: "10.96.0.0/16",
    /** First address of the service range: Service `kubernetes`. */
    apiServiceIp: "10.96.0.1",
    dnsServiceIp: "10.96.0.10",
    podRange: "10.244.0.0/24",
    domain: "cluster.local",
    /** Browsers take every name below it for this machine; inside, each means the platform's gateway. */
    gatewayDomain: "mlp.localhost",
    /** Service and namespace of the gateway's proxies. */
    gatewayService: "gateway.mlp-gateway",
} as const;

/** Where the state lies on the host. */
export interface HostLayout {
    readonly root: string;
    readonly run: string;
    readonly logs: string;
    readonly pki: string;
    readonly kubeconfig: string;
}

export function hostLayout(root: string): HostLayout {
    return {
        root,
        run: join(root, "run"),
        logs: join(root, "logs"),
        pki: join(root, "pki"),
        kubeconfig: join(root, "kubeconfig"),
    };
}

/** Where the same state is seen inside: at the places that a node of Kubernetes has by convention. */
export const node = {
    state: "/run/mlp",
    pki: "/run/mlp/pki",
    logs: "/run/mlp/logs",
    relaySocket: "/run/mlp/run/relay.sock",
    config: "/run/kubernetes",
    cniConfig: "/run/cni/net.d",
    containerdSocket: "/run/containerd/containerd.sock",
    kubelet: "/var/lib/kubelet",
    containerd: "/var/lib/containerd",
    etcd: "/var/lib/etcd",
    volumes: "/var/lib/local-path-provisioner",
    podLogs: "/var/log/pods",
} as const;

/** Folders of the state and the places inside at which they are mounted. */
export const nodeMounts: readonly { readonly folder: string; readonly at: string }[] = [
    { folder: "etcd", at: node.etcd },
    { folder: "containerd", at: node.containerd },
    { folder: "kubelet", at: node.kubelet },
    { folder: "volumes", at: node.volumes },
    { folder: "pod-logs", at: node.podLogs },
];

export const CONTROL_SOCKET = "control.sock";
export const RELAY_SOCKET = "relay.sock";

/** The kernel takes no longer address of a socket. */
const LONGEST_SOCKET_PATH = 107;

export function socketPath(folder: string, name: string): string {
    const path = join(folder, name);
    if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
    throw new ClusterError(
        `${path} is too long for a socket (at most ${LONGEST_SOCKET_PATH} bytes): set XDG_DATA_HOME to a shorter folder.`,
    );
}
