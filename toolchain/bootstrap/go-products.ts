import type { GoImageBinary } from "../../images/catalogue";

/** The executables that are built from Go modules, apart from the engine. */
export type GoBinary =
    | GoImageBinary
    | "controller-gen"
    | "coredns"
    | "etcd"
    | "karpenter-kwok"
    | "kube-apiserver"
    | "kube-controller-manager"
    | "kube-proxy"
    | "kube-scheduler"
    | "kubectl"
    | "kubelet"
    | "kwok";

/** What is built in one go. */
export type GoProduct =
    | "argo-server"
    | "argo-workflows"
    | "controller-gen"
    | "coredns"
    | "envoy-gateway"
    | "etcd"
    | "jobset"
    | "karpenter-kwok"
    | "kubectl"
    | "kubernetes"
    | "kueue"
    | "kwok"
    | "local-path-provisioner"
    | "metrics-server"
    | "pause"
    | "simulated-gpu-plugin"
    | "trainer";

/** A folder of toolchain/ with a go.mod: what needs versions that the others cannot have stands in one of its own. */
export type GoBuildList = "argo" | "envoy-gateway" | "go" | "karpenter-kwok" | "kueue" | "kwok";

export interface ProductDescription {
    readonly title: string;
    /** By default `go`, which the platform's own programs share. */
    readonly list?: GoBuildList;
    /** The module whose version is the product's; a program of ours has none. */
    readonly module: string | undefined;
    /** The package of each executable. */
    readonly packages: Readonly<Partial<Record<GoBinary, string>>>;
    /** Folders of the build list whose files decide the result, besides go.mod and go.sum. */
    readonly sources: readonly string[];
    /** Files of the module that lie beside the executables under their last names, such as custom resource definitions. */
    readonly files?: readonly string[];
    /** Files of the build list that the module's archive lacks, by their path in the module. */
    readonly additions?: Readonly<Record<string, string>>;
    /** Where the module embeds its web UI, which a piece of its own builds. */
    readonly embedsUi?: string;
    /** What whoever asks for this product gets as well. */
    readonly brings?: readonly GoProduct[];
}

const ARGO_ADDITIONS = { "workflow/executor/osspecific/signal_linux.go": "signal_linux.go" } as const;

/** In the order in which they are built: the quick ones that show whether anything builds at all come first. */
export const goProducts: Readonly<Record<GoProduct, ProductDescription>> = {
    pause: { title: "pause", module: undefined, packages: { pause: "./pause" }, sources: ["pause"] },
    etcd: {
        title: "etcd",
        module: "go.etcd.io/etcd/server/v3",
        packages: { etcd: "go.etcd.io/etcd/server/v3" },
        sources: [],
    },
    kubernetes: {
        title: "Kubernetes",
        module: "k8s.io/kubernetes",
        packages: {
            "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
            "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
            "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
            "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
            kubelet: "k8s.io/kubernetes/cmd/kubelet",
        },
        sources: [],
        // Whoever runs a cluster also speaks to it.
        brings: ["kubectl"],
    },
    kubectl: {
        title: "kubectl",
        module: "k8s.io/kubernetes",
        packages: { kubectl: "k8s.io/kubernetes/cmd/kubectl" },
        sources: [],
    },
    coredns: {
        title: "CoreDNS",
        module: "github.com/coredns/coredns",
        packages: { coredns: "./coredns" },
        sources: ["coredns"],
    },
    jobset: { title: "JobSet", module: "sigs.k8s.io/jobset", packages: { jobset: "sigs.k8s.io/jobset" }, sources: [] },
    trainer: {
        title: "Kubeflow Trainer",
        module: "github.com/kubeflow/trainer/v2",
        packages: {
            "trainer-controller-manager": "github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager",
        },
        sources: [],
    },
    // It knows an older Trainer than the one that the platform runs.
    kueue: {
        title: "Kueue",
        list: "kueue",
        module: "sigs.k8s.io/kueue",
        packages: { kueue: "sigs.k8s.io/kueue/cmd/kueue" },
        sources: [],
    },
    "metrics-server": {
        title: "metrics-server",
        module: "sigs.k8s.io/metrics-server",
        packages: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
        sources: [],
    },
    "local-path-provisioner": {
        title: "local-path-provisioner",
        module: "github.com/rancher/local-path-provisioner",
        packages: { "local-path-provisioner": "github.com/rancher/local-path-provisioner" },
        sources: [],
    },
    "simulated-gpu-plugin": {
        title: "simulated GPU device plugin",
        module: undefined,
        packages: { "simulated-gpu-plugin": "./simulated-gpu-plugin" },
        sources: ["simulated-gpu-plugin"],
    },
    "argo-workflows": {
        title: "Argo Workflows",
        list: "argo",
        module: "github.com/argoproj/argo-workflows/v4",
        packages: {
            argoexec: "github.com/argoproj/argo-workflows/v4/cmd/argoexec",
            "workflow-controller": "github.com/argoproj/argo-workflows/v4/cmd/workflow-controller",
        },
        sources: [],
        additions: ARGO_ADDITIONS,
    },
    "argo-server": {
        title: "Argo Workflows' server",
        list: "argo",
        module: "github.com/argoproj/argo-workflows/v4",
        packages: { argo: "github.com/argoproj/argo-workflows/v4/cmd/argo" },
        sources: [],
        additions: ARGO_ADDITIONS,
        embedsUi: "ui/dist/app",
    },
    "envoy-gateway": {
        title: "Envoy Gateway",
        list: "envoy-gateway",
        module: "github.com/envoyproxy/gateway",
        packages: { "envoy-gateway": "github.com/envoyproxy/gateway/cmd/envoy-gateway" },
        sources: [],
    },
    "controller-gen": {
        title: "controller-gen",
        module: "sigs.k8s.io/controller-tools",
        packages: { "controller-gen": "sigs.k8s.io/controller-tools/cmd/controller-gen" },
        sources: [],
    },
    kwok: {
        title: "kwok",
        list: "kwok",
        module: "sigs.k8s.io/kwok",
        packages: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
        sources: [],
        files: [
            "kustomize/stage/node/fast/node-initialize.yaml",
            ...["ready", "complete", "delete"].map((stage) => `kustomize/stage/pod/fast/pod-${stage}.yaml`),
        ],
    },
    "karpenter-kwok": {
        title: "Karpenter with its kwok provider",
        list: "karpenter-kwok",
        module: "sigs.k8s.io/karpenter",
        packages: { "karpenter-kwok": "sigs.k8s.io/karpenter/kwok" },
        sources: [],
        files: [
            "kwok/apis/crds/karpenter.kwok.sh_kwoknodeclasses.yaml",
            ...["nodeclaims", "nodeoverlays", "nodepools"].map((kind) => `pkg/apis/crds/karpenter.sh_${kind}.yaml`),
        ],
    },
};

export const goProductNames = Object.keys(goProducts) as GoProduct[];

/** The product that an executable comes with. */
export const productOf: Readonly<Record<GoBinary, GoProduct>> = Object.fromEntries(
    goProductNames.flatMap((product) => Object.keys(goProducts[product].packages).map((binary) => [binary, product])),
) as Record<GoBinary, GoProduct>;
