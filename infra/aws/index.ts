import * as eks from "@pulumi/eks/provider";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Karpenter } from "../../components/autoscaling";
import { ExistingCluster } from "../../components/cluster/existing";
import { EksGpuCluster } from "../../components/cluster/eks";
import { Cluster, ImageSource } from "../../components/contracts";
import { ImageRepositories } from "../../components/images";
import { catalogue } from "../../images/catalogue";
import { repositoryPath } from "../../images/image-lock";
import { buildComponents, Footing, PlatformOutputs } from "../platform";
import { CloudStores } from "../platform-services";
import { EksClusterSpec, PlatformSpec } from "../spec";
import { monthlyBudget } from "./budget";
import { gatewayCertificate } from "./certificate";
import { outputsOfStack } from "./cluster-stack";
import { awsProvider } from "./providers";
import { storesOfStack, storesOnAws } from "./stores";

/** What users and other stacks need of a cluster. */
export interface ClusterOutputs {
    readonly environment: string;
    readonly cluster: Cluster;
    /** For the AWS CLI's credentials; it holds no key. */
    readonly kubeconfig: pulumi.Output<string>;
    /** Buckets and database; what is not there is made in the cluster by the platform. */
    readonly stores: CloudStores;
    /** What `mlp images push --to` takes; nothing where the stack file asks for no registry. */
    readonly registry?: pulumi.Output<string>;
    /** Of the gateway's certificate; nothing without a domain. */
    readonly certificateArn?: pulumi.Output<string>;
}

export type AwsOutputs = ClusterOutputs | PlatformOutputs | (ClusterOutputs & PlatformOutputs);

/** Builds what the stack's layer holds. */
export async function buildOnAws(spec: PlatformSpec, cluster: EksClusterSpec): Promise<AwsOutputs> {
    const images = { references: { ...spec.images } };
    switch (spec.layer) {
        case "cluster":
            return buildCluster(spec, cluster, images).outputs;
        case "platform": {
            const { kubeconfig, stores } = await outputsOfStack(spec.environment, cluster);
            const aws = awsProvider(cluster, spec.tags);
            const footing = { ...onClusterOfStack(cluster, kubeconfig), aws };
            return buildComponents(spec, footing, images, storesOfStack(spec, cluster, stores));
        }
        case "all": {
            const { footing, outputs, stores } = buildCluster(spec, cluster, images);
            return { ...outputs, ...buildComponents(spec, footing, images, stores) };
        }
    }
}

interface BuiltCluster {
    readonly footing: Footing;
    readonly stores: CloudStores;
    readonly outputs: ClusterOutputs;
}

function buildCluster(spec: PlatformSpec, cluster: EksClusterSpec, images: ImageSource): BuiltCluster {
    const aws = awsProvider(cluster, spec.tags);
    const opts = { provider: aws };
    const made = new EksGpuCluster("cluster", cluster.args, { providers: { aws, eks: new eks.Provider("eks") } });
    if (made.elastic !== undefined) {
        new Karpenter(
            "karpenter",
            { capacity: made.elastic, images, isolated: isIsolated(cluster), protectCrds: spec.protect },
            { providers: { aws, kubernetes: made.provider } },
        );
    }
    monthlyBudget(spec, opts);
    const registry = imageRegistry(spec, made, opts);
    const certificateArn = gatewayCertificate(spec, opts);
    const randomness = new random.Provider("random");
    const stores = storesOnAws(spec, cluster, made, { aws, kubernetes: made.provider, random: randomness });
    return {
        footing: { provider: made.provider, contract: made.contract, random: randomness, aws },
        stores,
        outputs: {
            environment: spec.environment,
            cluster: made.contract,
            kubeconfig: made.kubeconfig,
            stores,
            ...(registry && { registry }),
            ...(certificateArn && { certificateArn }),
        },
    };
}

/** A repository for every image of the catalogue, below the platform's own prefix. */
function imageRegistry(
    { registry, tags, protect }: PlatformSpec,
    { kmsKeyArn }: EksGpuCluster,
    opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> | undefined {
    if (registry === undefined) return undefined;
    const pairs = Object.entries(catalogue).map(([name, entry]) => [name, repositoryPath(entry)] as const);
    const args = {
        repositories: Object.fromEntries(pairs),
        pullAccounts: [...registry.pullAccounts],
        ...(tags.platform !== undefined && { prefix: tags.platform }),
        kmsKeyArn,
        protect,
        tags: { ...tags },
    };
    return new ImageRepositories("images", args, opts).registry;
}

function isIsolated({ eks: { network } }: EksClusterSpec): boolean {
    return network.kind === "new" && network.natGateways === "none";
}

/** The cluster of another stack, as components see it. */
function onClusterOfStack({ contract }: EksClusterSpec, kubeconfig: pulumi.Output<string>): Footing {
    const { name: clusterName, kubernetesVersion } = contract;
    const { provider } = new ExistingCluster("cluster", { clusterName, kubeconfig, kubernetesVersion });
    return { provider, contract };
}
