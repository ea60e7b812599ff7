import { join } from "node:path";

import { AUTHENTICATION_FILE, authenticationConfiguration } from "./authentication";
import { Component, flags, goMemory } from "./component";
import { componentKubeconfig } from "./kubeconfig";
import { net, node } from "./layout";
import { CertificateName, certificateFile, keyFile } from "./pki";
import { ClusterProfile, ControlPlaneBinary } from "./types";

type Binaries = Readonly<Record<ControlPlaneBinary, string>>;

const ETCD_CLIENTS = "https://127.0.0.1:2379";
const ETCD_PEERS = "https://127.0.0.1:2380";
const ETCD_METRICS = "http://127.0.0.1:2381";
const API_SERVER = `https://${net.nodeIp}:${net.apiPort}`;

const certificate = (name: CertificateName) => certificateFile(node.pki, name);
const key = (name: CertificateName) => keyFile(node.pki, name);

/** Path of a component's kubeconfig and the file itself. */
export function kubeconfigFile(name: CertificateName): { path: string; files: Record<string, string> } {
    const path = join(node.config, `${name}.kubeconfig`);
    return { path, files: { [path]: componentKubeconfig(node.pki, name, API_SERVER) } };
}

export function etcd(binaries: Binaries): Component {
    const authority = join(node.pki, "etcd-ca.crt");
    return {
        name: "etcd",
        program: binaries.etcd,
        args: flags({
            "data-dir": join(node.etcd, "data"),
            "listen-client-urls": ETCD_CLIENTS,
            "advertise-client-urls": ETCD_CLIENTS,
            "listen-peer-urls": ETCD_PEERS,
            "initial-advertise-peer-urls": ETCD_PEERS,
            "initial-cluster": `default=${ETCD_PEERS}`,
            "listen-metrics-urls": ETCD_METRICS,
            "cert-file": certificate("etcd"),
            "key-file": key("etcd"),
            "trusted-ca-file": authority,
            "client-cert-auth": true,
            "peer-cert-file": certificate("etcd"),
            "peer-key-file": key("etcd"),
            "peer-trusted-ca-file": authority,
            "peer-client-cert-auth": true,
            "log-level": "warn",
        }),
        env: goMemory("512MiB"),
        files: {},
        ready: { url: `${ETCD_METRICS}/health` },
        after: [],
    };
}

/** Admission that asks pods: on simulated nodes nobody would answer, and every object that has a webhook be refused. */
const WEBHOOKS = ["MutatingAdmissionWebhook", "ValidatingAdmissionWebhook"];

export function apiServer(binaries: Binaries, nodes: ClusterProfile["nodes"] = "real"): Component {
    const pki = (file: string) => join(node.pki, file);
    return {
        name: "kube-apiserver",
        program: binaries["kube-apiserver"],
        args: flags({
            "etcd-servers": ETCD_CLIENTS,
            "etcd-cafile": pki("etcd-ca.crt"),
            "etcd-certfile": certificate("apiserver-etcd-client"),
            "etcd-keyfile": key("apiserver-etcd-client"),
            "secure-port": net.apiPort,
            "advertise-address": net.nodeIp,
            "tls-cert-file": certificate("kube-apiserver"),
            "tls-private-key-file": key("kube-apiserver"),
            "client-ca-file": pki("ca.crt"),
            "authentication-config": AUTHENTICATION_FILE,
            "authorization-mode": "Node,RBAC",
            "enable-admission-plugins": "NodeRestriction",
            ...(nodes === "simulated" && { "disable-admission-plugins": WEBHOOKS.join(",") }),
            "allow-privileged": true,
            "service-account-issuer": `https://kubernetes.default.svc.${net.domain}`,
            "service-account-key-file": pki("sa.pub"),
            "service-account-signing-key-file": pki("sa.key"),
            "service-cluster-ip-range": net.serviceRange,
            "kubelet-client-certificate": certificate("apiserver-kubelet-client"),
            "kubelet-client-key": key("apiserver-kubelet-client"),
            "kubelet-certificate-authority": pki("ca.crt"),
            "kubelet-preferred-address-types": "InternalIP",
            "requestheader-client-ca-file": pki("front-proxy-ca.crt"),
            "requestheader-allowed-names": "front-proxy-client",
            "requestheader-username-headers": "X-Remote-User",
            "requestheader-group-headers": "X-Remote-Group",
            "requestheader-extra-headers-prefix": "X-Remote-Extra-",
            "proxy-client-cert-file": certificate("front-proxy-client"),
            "proxy-client-key-file": key("front-proxy-client"),
            // The endpoints of webhooks and aggregated APIs are dialled directly: they answer before kube-proxy knows.
            "enable-aggregator-routing": true,
            profiling: false,
        }),
        env: goMemory("2GiB"),
        files: { [AUTHENTICATION_FILE]: authenticationConfiguration() },
        ready: { url: `https://127.0.0.1:${net.apiPort}/readyz` },
        after: ["etcd"],
    };
}

export function controllerManager(binaries: Binaries): Component {
    const { path, files } = kubeconfigFile("kube-controller-manager");
    return {
        name: "kube-controller-manager",
        program: binaries["kube-controller-manager"],
        args: flags({
            ...delegating(path),
            "root-ca-file": join(node.pki, "ca.crt"),
            "client-ca-file": join(node.pki, "ca.crt"),
            "cluster-signing-cert-file": join(node.pki, "ca.crt"),
            "cluster-signing-key-file": join(node.pki, "ca.key"),
            "service-account-private-key-file": join(node.pki, "sa.key"),
            "use-service-account-credentials": true,
            "cluster-cidr": net.podRange,
            "service-cluster-ip-range": net.serviceRange,
            "flex-volume-plugin-dir": join(node.kubelet, "volumeplugins"),
            // The defaults protect an API server that many share; here they only make roll-outs wait.
            "kube-api-qps": 100,
            "kube-api-burst": 200,
        }),
        env: goMemory("512MiB"),
        files,
        ready: { url: "https://127.0.0.1:10257/healthz" },
        after: ["kube-apiserver"],
    };
}

export function scheduler(binaries: Binaries): Component {
    const { path, files } = kubeconfigFile("kube-scheduler");
    return {
        name: "kube-scheduler",
        program: binaries["kube-scheduler"],
        args: flags(delegating(path)),
        env: goMemory("256MiB"),
        files,
        ready: { url: "https://127.0.0.1:10259/healthz" },
        after: ["kube-apiserver"],
    };
}

/** Flags of a component that asks the API server who calls it and what they may do. */
function delegating(kubeconfig: string): Record<string, string | boolean> {
    return {
        kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "bind-address": "127.0.0.1",
        "leader-elect": false,
        profiling: false,
    };
}
