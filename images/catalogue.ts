/**
 * Every container image of the platform: the only place where an image reference is written.
 *
 * A reference is pulled where its registry answers; elsewhere the toolchain makes the image by its recipe and imports
 * it under the very same reference, so that no manifest changes.
 */

/** How an image is made where it cannot be pulled. */
export type Recipe =
    /** A static Go binary on an empty base with CA certificates. `binary` names a build of toolchain/go. */
    | { readonly kind: "go"; readonly binary: GoImageBinary; readonly entrypoint: string }
    /** A minimal Debian file system; other recipes build on it. */
    | { readonly kind: "debian"; readonly suite: string }
    /**
     * `images/<directory>/Containerfile`, with `ARG BASE` set to the reference of `base`. `service` is the folder of what
     * of ours runs in it: `COPY --from=service`. Of a service in TypeScript `program` is the entry point: it comes as
     * one file, `main.mjs`, with everything that it imports.
     */
    | {
          readonly kind: "containerfile";
          readonly directory: string;
          readonly base: ImageName;
          readonly service?: string;
          readonly program?: string;
      }
    /** Only ever pulled: there is no way to make it here. */
    | { readonly kind: "pull" };

/** Builds of toolchain/go that become images. */
export type GoImageBinary =
    | "argo"
    | "argoexec"
    | "envoy-gateway"
    | "jobset"
    | "kueue"
    | "local-path-provisioner"
    | "metrics-server"
    | "pause"
    | "simulated-gpu-plugin"
    | "trainer-controller-manager"
    | "workflow-controller";

export interface CatalogueEntry {
    /** Registry and repository, without the tag. */
    readonly repository: string;
    /** Never `latest`. */
    readonly tag: string;
    /** `sha256:…`, where a registry was reachable to resolve it. */
    readonly digest?: string;
    /** Numeric user of the image's processes; the manifests run it as non-root. */
    readonly user: number;
    readonly recipe: Recipe;
}

export type ImageName =
    | "argo-executor"
    | "argo-server"
    | "argo-workflow-controller"
    | "configurable-http-proxy"
    | "dcgm-exporter"
    | "debian-trixie"
    | "efa-device-plugin"
    | "envoy"
    | "envoy-gateway"
    | "identity-provider"
    | "jobset"
    | "jupyterhub"
    | "karpenter"
    | "kueue"
    | "local-path-provisioner"
    | "metrics-server"
    | "mlflow"
    | "notebook"
    | "nvidia-device-plugin"
    | "pause"
    | "pipeline-steps"
    | "plain-runtime"
    | "postgres"
    | "seaweedfs"
    | "simulated-gpu-plugin"
    | "torch-runtime"
    | "torch-runtime-cuda"
    | "trainer";

const NON_ROOT = 65532;
const ARGO = 8737;

export const catalogue: Readonly<Record<ImageName, CatalogueEntry>> = {
    pause: {
        repository: "registry.k8s.io/pause",
        tag: "3.10.1",
        user: 65535,
        recipe: { kind: "go", binary: "pause", entrypoint: "/pause" },
    },
    "debian-trixie": {
        repository: "docker.io/library/debian",
        tag: "trixie-slim",
        user: 0,
        recipe: { kind: "debian", suite: "trixie" },
    },
    "local-path-provisioner": {
        repository: "docker.io/rancher/local-path-provisioner",
        tag: "v0.0.30",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "local-path-provisioner", entrypoint: "/usr/bin/local-path-provisioner" },
    },
    "metrics-server": {
        repository: "registry.k8s.io/metrics-server/metrics-server",
        tag: "v0.9.0",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "metrics-server", entrypoint: "/metrics-server" },
    },
    "simulated-gpu-plugin": {
        repository: "mlp.internal/simulated-gpu-plugin",
        tag: "0.1.0",
        user: 0,
        recipe: { kind: "go", binary: "simulated-gpu-plugin", entrypoint: "/simulated-gpu-plugin" },
    },
    "pipeline-steps": {
        repository: "mlp.internal/pipeline-steps",
        tag: "0.1.0",
        user: NON_ROOT,
        recipe: {
            kind: "containerfile",
            directory: "pipeline-steps",
            base: "debian-trixie",
            service: "services/pipeline-steps",
        },
    },
    // The publisher's image has the same program, shell and curl; its user is root until its entry point drops it.
    seaweedfs: {
        repository: "docker.io/chrislusf/seaweedfs",
        tag: "4.48",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "seaweedfs", base: "debian-trixie" },
    },
    mlflow: {
        repository: "mlp.internal/mlflow",
        tag: "3.17.2",
        user: NON_ROOT,
        recipe: {
            kind: "containerfile",
            directory: "mlflow",
            base: "debian-trixie",
            service: "services/mlflow-plugin",
        },
    },
    "envoy-gateway": {
        repository: "docker.io/envoyproxy/gateway",
        tag: "v1.9.0",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "envoy-gateway", entrypoint: "/usr/local/bin/envoy-gateway" },
    },
    // The version that Envoy Gateway 1.9 is tested with.
    envoy: {
        repository: "docker.io/envoyproxy/envoy",
        tag: "distroless-v1.39.3",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "envoy", base: "debian-trixie" },
    },
    "identity-provider": {
        repository: "mlp.internal/identity-provider",
        tag: "0.1.0",
        user: NON_ROOT,
        recipe: {
            kind: "containerfile",
            directory: "identity-provider",
            base: "debian-trixie",
            service: "services/identity-provider",
            program: "main.ts",
        },
    },
    jupyterhub: {
        repository: "mlp.internal/jupyterhub",
        tag: "6.1.1",
        user: NON_ROOT,
        recipe: {
            kind: "containerfile",
            directory: "jupyterhub",
            base: "debian-trixie",
            service: "services/jupyterhub",
        },
    },
    "configurable-http-proxy": {
        repository: "mlp.internal/configurable-http-proxy",
        tag: "5.2.0",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "configurable-http-proxy", base: "debian-trixie" },
    },
    notebook: {
        repository: "mlp.internal/notebook",
        tag: "4.6.6",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "notebook", base: "torch-runtime" },
    },
    jobset: {
        repository: "registry.k8s.io/jobset/jobset",
        tag: "v0.12.0",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "jobset", entrypoint: "/manager" },
    },
    kueue: {
        repository: "registry.k8s.io/kueue/kueue",
        tag: "v0.19.2",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "kueue", entrypoint: "/manager" },
    },
    trainer: {
        repository: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
        tag: "v2.3.0",
        user: NON_ROOT,
        recipe: { kind: "go", binary: "trainer-controller-manager", entrypoint: "/manager" },
    },
    "argo-workflow-controller": {
        repository: "quay.io/argoproj/workflow-controller",
        tag: "v4.0.5",
        user: ARGO,
        recipe: { kind: "go", binary: "workflow-controller", entrypoint: "/bin/workflow-controller" },
    },
    // The publisher's image runs as root where its manifest names no user.
    "argo-executor": {
        repository: "quay.io/argoproj/argoexec",
        tag: "v4.0.5",
        user: ARGO,
        recipe: { kind: "go", binary: "argoexec", entrypoint: "/bin/argoexec" },
    },
    "argo-server": {
        repository: "quay.io/argoproj/argocli",
        tag: "v4.0.5",
        user: ARGO,
        recipe: { kind: "go", binary: "argo", entrypoint: "/bin/argo" },
    },
    "torch-runtime": {
        repository: "mlp.internal/torch-runtime",
        tag: "2.6.0-cpu",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "torch-runtime", base: "plain-runtime" },
    },
    // Another version than torch-runtime's: Debian has 2.6.0 alone, PyPI's x86 wheels are all for CUDA, and the CUDA
    // images of 2.6.0 know no GPU after Hopper. It holds PyTorch only: what needs scikit-learn brings its own image.
    "torch-runtime-cuda": {
        repository: "docker.io/pytorch/pytorch",
        tag: "2.13.0-cuda13.0-cudnn9-runtime",
        user: NON_ROOT,
        recipe: { kind: "pull" },
    },
    // Root alone may open the kubelet's sockets; what else these have is taken from them by their manifests.
    "nvidia-device-plugin": {
        repository: "nvcr.io/nvidia/k8s-device-plugin",
        tag: "v0.20.0",
        user: 0,
        recipe: { kind: "pull" },
    },
    "dcgm-exporter": {
        repository: "nvcr.io/nvidia/k8s/dcgm-exporter",
        tag: "4.5.3-4.8.2-distroless",
        user: 0,
        recipe: { kind: "pull" },
    },
    "efa-device-plugin": {
        repository: "public.ecr.aws/eks/aws-efa-k8s-device-plugin",
        tag: "v0.5.20",
        user: 0,
        recipe: { kind: "pull" },
    },
    karpenter: {
        repository: "public.ecr.aws/karpenter/controller",
        tag: "1.14.1",
        user: NON_ROOT,
        recipe: { kind: "pull" },
    },
    "plain-runtime": {
        repository: "mlp.internal/plain-runtime",
        tag: "3.13",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "plain-runtime", base: "debian-trixie" },
    },
    postgres: {
        repository: "mlp.internal/postgres",
        tag: "17",
        user: NON_ROOT,
        recipe: { kind: "containerfile", directory: "postgres", base: "debian-trixie" },
    },
};

/** The reference that manifests name: by digest where it is known. */
export function referenceOf({ repository, tag, digest }: CatalogueEntry): string {
    return digest === undefined ? `${repository}:${tag}` : `${repository}:${tag}@${digest}`;
}

/** All references by name, as components want them. */
export function references(): Record<ImageName, string> {
    const pairs = Object.entries(catalogue).map(([name, entry]) => [name, referenceOf(entry)]);
    return Object.fromEntries(pairs) as Record<ImageName, string>;
}
