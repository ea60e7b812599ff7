import { Component } from "../../../../toolchain/cluster/component";
import { apiServer, controllerManager, etcd, scheduler } from "../../../../toolchain/cluster/control-plane";
import {
    cniConfig,
    containerd,
    containerdConfig,
    coredns,
    corefile,
    kubelet,
    kubeletConfig,
    kubeProxy,
    kubeProxyConfig,
} from "../../../../toolchain/cluster/node-components";
import { kwok } from "../../../../toolchain/cluster/kwok";
import { ClusterBinary } from "../../../../toolchain/cluster/types";

const names: ClusterBinary[] = [
    ...(["coredns", "etcd", "kube-apiserver", "kube-controller-manager"] as const),
    ...(["kube-proxy", "kube-scheduler", "kubelet"] as const),
];
const binaries = Object.fromEntries(names.map((name) => [name, `/bin/${name}`])) as Record<ClusterBinary, string>;
const runtime = { pauseImage: "pause:1", cniPlugins: "/usr/lib/cni", snapshotter: "overlayfs" } as const;
const components: Component[] = [
    etcd(binaries),
    containerd(runtime),
    apiServer(binaries),
    controllerManager(binaries),
    scheduler(binaries),
    kubelet(binaries, 1),
    kubeProxy(binaries),
    coredns(binaries),
];

describe("the components", () => {
    it("come after what they need", () => {
        const started = new Set<string>();
        for (const { name, after } of components) {
            expect([...started]).toEqual(expect.arrayContaining([...after]));
            started.add(name);
        }
    });

    it("hold each a kubeconfig of its own identity", () => {
        const kubeconfigs = components.flatMap(({ files }) =>
            Object.entries(files).filter(([path]) => path.endsWith(".kubeconfig")),
        );
        const users = kubeconfigs.map(([, text]) => (JSON.parse(text) as { users: { name: string }[] }).users[0]!.name);
        expect(users.sort()).toEqual(["coredns", "kube-controller-manager", "kube-proxy", "kube-scheduler", "node"]);
    });

    it("are programs of this machine or were given", () => {
        const own = components.filter(({ program }) => program.startsWith("/bin/")).map(({ name }) => name);
        expect(own.sort()).toEqual([...names].sort());
    });
});

describe("kwok", () => {
    const simulated = kwok({ binaries: { ...binaries, kwok: "/bin/kwok" }, stages: ["/s/node.yaml", "/s/pod.yaml"] });

    it("speaks for nodes that say they are fake, with an identity of its own", () => {
        expect(simulated.args).toContain("--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake");
        expect(JSON.stringify(simulated.files)).toContain("/run/mlp/pki/kwok.key");
    });

    it("is told every stage: it knows none by itself", () => {
        expect(simulated.args.filter((arg) => arg.startsWith("--config="))).toEqual([
            "--config=/s/node.yaml",
            "--config=/s/pod.yaml",
        ]);
    });
});

describe("the API server", () => {
    const { args } = apiServer(binaries);

    it("authorizes by node and role and keeps kubelets to their own node", () => {
        expect(args).toContain("--authorization-mode=Node,RBAC");
        expect(args).toContain("--enable-admission-plugins=NodeRestriction");
    });

    it("asks webhooks, but not where no pod would answer", () => {
        const off = "--disable-admission-plugins=MutatingAdmissionWebhook,ValidatingAdmissionWebhook";
        expect(args).not.toContain(off);
        expect(apiServer(binaries, "simulated").args).toContain(off);
    });

    it("checks kubelets and etcd by their authorities", () => {
        expect(args).toContain("--kubelet-certificate-authority=/run/mlp/pki/ca.crt");
        expect(args).toContain("--etcd-cafile=/run/mlp/pki/etcd-ca.crt");
        expect(args).toContain("--requestheader-client-ca-file=/run/mlp/pki/front-proxy-ca.crt");
    });
});

describe("etcd", () => {
    it("asks clients and peers for certificates and writes safely", () => {
        const { args } = etcd(binaries);
        expect(args).toEqual(expect.arrayContaining(["--client-cert-auth=true", "--peer-client-cert-auth=true"]));
        expect(args.join(" ")).not.toContain("unsafe-no-fsync");
    });
});

describe("the controller-manager", () => {
    it("gives each controller its own account", () => {
        expect(controllerManager(binaries).args).toContain("--use-service-account-credentials=true");
    });
});

describe("the kubelet", () => {
    it("lets nobody in without a certificate or token", () => {
        expect(kubeletConfig(1)).toMatchObject({
            authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
            authorization: { mode: "Webhook" },
        });
    });

    it("puts up with cgroup v1 only where there is no v2", () => {
        expect(kubeletConfig(1)).toHaveProperty("failCgroupV1", false);
        expect(kubeletConfig(2)).not.toHaveProperty("failCgroupV1");
    });

    it("never removes an image, which could not be pulled again", () => {
        const { imageGCHighThresholdPercent, evictionHard } = kubeletConfig(1);
        expect(imageGCHighThresholdPercent).toBe(100);
        expect(new Set(Object.values(evictionHard))).toEqual(new Set(["0%"]));
    });
});

describe("the network", () => {
    it("gives pods addresses that kube-proxy and the controller-manager take for the cluster's", () => {
        const [main] = cniConfig().plugins;
        expect(main).toMatchObject({ type: "ptp", ipam: { ranges: [[{ subnet: "10.244.0.0/24" }]] } });
        expect(kubeProxyConfig("x").clusterCIDR).toBe("10.244.0.0/24");
        expect(controllerManager(binaries).args).toContain("--cluster-cidr=10.244.0.0/24");
    });

    it("answers for names of the cluster alone", () => {
        expect(corefile("/k")).not.toContain("forward");
    });

    it("answers names of the gateway's local domain with its Service", () => {
        expect(corefile("/k")).toContain(
            "name regex ^[a-z0-9-]+\\.mlp\\.localhost\\.$ gateway.mlp-gateway.svc.cluster.local",
        );
    });
});

describe("containerd", () => {
    it("runs where no process may lower its out-of-memory score", () => {
        expect(containerdConfig(runtime)).toContain("restrict_oom_score_adj = true");
    });
});
