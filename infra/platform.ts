import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { NvidiaGpus, SimulatedGpus } from "../components/accelerators";
import { ExistingCluster } from "../components/cluster/existing";
import { Cluster, ImageSource, StorageClasses } from "../components/contracts";
import { podSecurityLabels } from "../components/kubernetes/hardening";
import { Training } from "../components/training";
import { PlatformSpec } from "./resolve";
import { buildServices, CloudStores, ServicesOutputs } from "./platform-services";

export interface PlatformArgs {
    readonly spec: PlatformSpec;
    readonly cluster: Cluster;
    readonly kubeconfig: string;
    readonly context: string;
    /** URL of the API server. Default: one on the embedded cluster's usual port. */
    readonly server?: string;
    readonly images: ImageSource;
}

/** What users and other stacks need of a platform. */
export interface PlatformOutputs extends ServicesOutputs {
    readonly environment: string;
    readonly cluster: Cluster;
    /** ClusterTrainingRuntimes by framework. */
    readonly trainingRuntimes: pulumi.Output<{ [framework: string]: string }>;
    /** Identifies this installation for as long as it lives. */
    readonly installation: pulumi.Output<string>;
}

/** A cluster that is there, and how to reach it. */
export interface Footing {
    readonly provider: k8s.Provider;
    readonly contract: Cluster;
    /** URL of the API server, where a kubeconfig tells it. */
    readonly server?: string;
    /** Of what stands with the cluster. Default: a provider of its own. */
    readonly random?: random.Provider;
    /** For the roles of pods. Default: none, there is no AWS. */
    readonly aws?: pulumi.ProviderResource;
}

/** Builds the platform on a cluster that a kubeconfig reaches. */
export function buildPlatform({ spec, cluster, kubeconfig, context, server, images }: PlatformArgs): PlatformOutputs {
    const existing = new ExistingCluster("cluster", {
        clusterName: cluster.name,
        kubeconfig,
        context,
        kubernetesVersion: cluster.kubernetesVersion,
        gpuPools: cluster.gpuPools,
        ...(cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
    });
    const { provider, contract } = existing;
    return buildComponents(spec, { provider, contract, ...(server !== undefined && { server }) }, images);
}

/** Builds what stands on a cluster: components in the order in which they need one another, each given what it needs. */
export function buildComponents(
    spec: PlatformSpec,
    { provider, contract, server, random: given, aws }: Footing,
    images: ImageSource,
    cloud: CloudStores = {},
): PlatformOutputs {
    const providers = {
        kubernetes: provider,
        tls: new tls.Provider("tls"),
        random: given ?? new random.Provider("random"),
    };

    const installation = recordInstallation(spec, providers);
    if (spec.simulatedGpus) {
        for (const pool of contract.gpuPools) {
            new SimulatedGpus(`simulated-gpus-${pool.name}`, { images, pool }, { providers });
        }
    }
    if (spec.nvidiaGpus) {
        const { gpuPools: pools, kubernetesVersion } = contract;
        const { gpuStack } = spec;
        new NvidiaGpus(
            "nvidia-gpus",
            { images, pools, kubernetesVersion, ...(gpuStack !== undefined && { gpuStack }) },
            { providers },
        );
    }
    const training = new Training(
        "training",
        {
            images,
            replicas: spec.training.replicas,
            certificates: spec.training.certificates,
            protectCrds: spec.protect,
            runtimes: [...spec.training.runtimes],
        },
        { providers },
    );
    const services = buildServices(spec, cloud, {
        images,
        storageClasses: storageClassesOf(contract),
        gpuPools: contract.gpuPools,
        protect: spec.protect,
        operators: [training],
        provider,
        ...(server !== undefined && { apiServer: server }),
        opts: { providers: { ...providers, ...(aws && { aws }) } },
    });

    return {
        environment: spec.environment,
        cluster: contract,
        trainingRuntimes: training.runtimes,
        installation,
        ...services,
    };
}

/** One class given for all stands in for those that are not told apart. */
function storageClassesOf({ storageClass, storageClasses }: Cluster): StorageClasses {
    return { ...(storageClass !== undefined && { block: storageClass }), ...storageClasses };
}

/** Writes into the cluster who manages it, so that `mlp status` tells and a second stack is refused by its name. */
function recordInstallation(
    { environment }: PlatformSpec,
    providers: { kubernetes: k8s.Provider; random: random.Provider },
): pulumi.Output<string> {
    const id = new random.RandomId("installation", { byteLength: 4 }, { provider: providers.random });
    const opts = { provider: providers.kubernetes };
    const namespace = new k8s.core.v1.Namespace(
        "mlp-system",
        {
            metadata: {
                name: "mlp-system",
                labels: podSecurityLabels("restricted"),
            },
        },
        opts,
    );
    new k8s.core.v1.ConfigMap(
        "installation",
        {
            metadata: { name: "installation", namespace: namespace.metadata.name },
            data: { id: id.hex, environment, project: pulumi.getProject(), stack: pulumi.getStack() },
        },
        opts,
    );
    return id.hex;
}
