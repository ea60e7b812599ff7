import { join } from "node:path";

import { Component, flags, goMemory } from "./component";
import { kubeconfigFile } from "./control-plane";
import { net, node, NODE_NAME } from "./layout";
import { certificateFile, keyFile } from "./pki";
import { ClusterBinary } from "./types";

type Binaries = Readonly<Record<ClusterBinary, string>>;

export interface RuntimeSettings {
    readonly pauseImage: string;
    readonly cniPlugins: string;
    /** `native` where the state lies on an overlay itself, which cannot carry another. */
    readonly snapshotter: "overlayfs" | "native";
}

export function containerd(settings: RuntimeSettings): Component {
    const config = join(node.config, "containerd.toml");
    return {
        name: "containerd",
        program: "containerd",
        args: ["--config", config],
        env: goMemory("512MiB"),
        files: {
            [config]: containerdConfig(settings),
            [join(node.cniConfig, "10-mlp.conflist")]: `${JSON.stringify(cniConfig(), undefined, 2)}\n`,
        },
        ready: { socket: node.containerdSocket },
        after: [],
    };
}

/** Configuration of containerd, in its version 2, which every containerd from 1.4 on reads. */
export function containerdConfig({ pauseImage, cniPlugins, snapshotter }: RuntimeSettings): string {
    const cri = `plugins."io.containerd.grpc.v1.cri"`;
    return `version = 2
root = "${node.containerd}"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", \
"io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "${node.containerdSocket}"
[${cri}]
  sandbox_image = "${pauseImage}"
  # Without CAP_SYS_RESOURCE no process may lower its score, and runc dies trying.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [${cri}.cni]
    bin_dir = "${cniPlugins}"
    conf_dir = "${node.cniConfig}"
  [${cri}.containerd]
    snapshotter = "${snapshotter}"
    default_runtime_name = "runc"
    [${cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runc.options]
        SystemdCgroup = false
`;
}

/** `ptp`, not a bridge: traffic between two pods of the node passes the forward hook, where policies can act. */
export function cniConfig() {
    return {
        cniVersion: "0.4.0",
        name: "mlp",
        plugins: [
            {
                type: "ptp",
                ipMasq: false,
                ipam: {
                    type: "host-local",
                    dataDir: "/run/cni/ipam",
                    ranges: [[{ subnet: net.podRange }]],
                    routes: [{ dst: "0.0.0.0/0" }],
                },
            },
            { type: "portmap", capabilities: { portMappings: true } },
        ],
    };
}

export function kubelet(binaries: Binaries, cgroupVersion: 1 | 2, networkPolicies = false): Component {
    const { path, files } = kubeconfigFile("node");
    const config = join(node.config, "kubelet.json");
    return {
        name: "kubelet",
        program: binaries.kubelet,
        args: flags({
            config,
            kubeconfig: path,
            "hostname-override": NODE_NAME,
            "node-ip": net.nodeIp,
            "root-dir": node.kubelet,
        }),
        env: goMemory("512MiB"),
        files: { ...files, [config]: JSON.stringify(kubeletConfig(cgroupVersion), undefined, 2) },
        ready: { url: "http://127.0.0.1:10248/healthz" },
        after: ["containerd", "kube-apiserver", ...(networkPolicies ? (["network-policy-stand-in"] as const) : [])],
    };
}

export function kubeletConfig(cgroupVersion: 1 | 2) {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: net.nodeIp,
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: join(node.pki, "ca.crt") },
        },
        authorization: { mode: "Webhook" },
        tlsCertFile: certificateFile(node.pki, "kubelet"),
        tlsPrivateKeyFile: keyFile(node.pki, "kubelet"),
        cgroupDriver: "cgroupfs",
        ...(cgroupVersion === 1 ? { failCgroupV1: false } : {}),
        failSwapOn: false,
        // Lowering a score needs CAP_SYS_RESOURCE.
        oomScoreAdj: 0,
        clusterDNS: [net.dnsServiceIp],
        clusterDomain: net.domain,
        resolvConf: "",
        containerRuntimeEndpoint: `unix://${node.containerdSocket}`,
        podLogsDir: node.podLogs,
        containerLogMaxSize: "5Mi",
        containerLogMaxFiles: 2,
        volumePluginDir: join(node.kubelet, "volumeplugins"),
        // An image that was imported stays usable after the same bytes were pulled under another name, as from a
        // registry on this machine: the kubelet would ask for it again by the name that no registry knows.
        imagePullCredentialsVerificationPolicy: "NeverVerify",
        // An evicted image cannot be pulled again, and a developer's disk may well be nearly full.
        evictionHard: {
            "memory.available": "0%",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
        },
        imageGCHighThresholdPercent: 100,
        // How soon pods see a changed Secret or ConfigMap; the default is a minute.
        syncFrequency: "5s",
    };
}

export function kubeProxy(binaries: Binaries): Component {
    const { path, files } = kubeconfigFile("kube-proxy");
    const config = join(node.config, "kube-proxy.json");
    return {
        name: "kube-proxy",
        program: binaries["kube-proxy"],
        args: flags({ config }),
        env: goMemory("256MiB"),
        files: { ...files, [config]: JSON.stringify(kubeProxyConfig(path), undefined, 2) },
        ready: { url: `http://${net.nodeIp}:10256/healthz` },
        after: ["kube-apiserver"],
    };
}

export function kubeProxyConfig(kubeconfig: string) {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "nftables",
        bindAddress: net.nodeIp,
        clientConnection: { kubeconfig },
        clusterCIDR: net.podRange,
        detectLocalMode: "ClusterCIDR",
        hostnameOverride: NODE_NAME,
        metricsBindAddress: "127.0.0.1:10249",
        oomScoreAdj: 0,
        // Outside the initial network namespace the kernel refuses to change the size of the table.
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
}

export function coredns(binaries: Binaries): Component {
    const { path, files } = kubeconfigFile("coredns");
    const config = join(node.config, "Corefile");
    return {
        name: "coredns",
        program: binaries.coredns,
        args: ["-conf", config],
        env: goMemory("256MiB"),
        files: { ...files, [config]: corefile(path) },
        ready: { url: "http://127.0.0.1:8181/ready" },
        after: ["kube-apiserver"],
    };
}

/** No `forward`: the namespace has no way out, and an answer at once is better than a time-out. */
export function corefile(kubeconfig: string): string {
    return `.:53 {
    bind ${net.nodeIp}
    errors
    health 127.0.0.1:8053
    ready 127.0.0.1:8181
    prometheus ${net.nodeIp}:9153
    rewrite stop {
        name regex ^[a-z0-9-]+\\.${net.gatewayDomain.replaceAll(".", "\\.")}\\.$ ${net.gatewayService}.svc.${net.domain}
        answer auto
    }
    kubernetes ${net.domain} in-addr.arpa ip6.arpa {
        kubeconfig ${kubeconfig}
        pods insecure
        ttl 5
    }
    cache 5
    loadbalance
}
`;
}
