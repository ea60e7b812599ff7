import * as eks from "@pulumi/eks/provider";
import * as pulumi from "@pulumi/pulumi";

import { Karpenter } from "../../components/autoscaling";
import { ExistingCluster } from "../../components/cluster/existing";
import { EksGpuCluster } from "../../components/cluster/eks";
import { Cluster, ImageSource } from "../../components/contracts";
import { ImageRepositories } from "../../components/images";
import { catalogue } from "../../images/catalogue";
import { repositoryPath } from "../../images/image-lock";
import { buildComponents, Footing, PlatformOutputs } from "../platform";
import { EksClusterSpec, PlatformSpec } from "../spec";
import { monthlyBudget } from "./budget";
import { gatewayCertificate } from "./certificate";
import { kubeconfigOfStack } from "./cluster-stack";
import { awsProvider } from "./providers";

/** What users and other stacks need of a cluster. */
export interface ClusterOutputs {
    readonly environment: string;
    readonly cluster: Cluster;
    /** For the AWS CLI's credentials; it holds no key. */
    readonly kubeconfig: pulumi.Output<string>;
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
            const kubeconfig = await kubeconfigOfStack(spec.environment, cluster);
            return buildComponents(spec, onClusterOfStack(cluster, kubeconfig), images);
        }
        case "all": {
            const { made, outputs } = buildCluster(spec, cluster, images);
            return { ...outputs, ...buildComponents(spec, made, images) };
        }
    }
}

function buildCluster(
    spec: PlatformSpec,
    cluster: EksClusterSpec,
    images: ImageSource,
): { readonly made: EksGpuCluster; readonly outputs: ClusterOutputs } {
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
    return {
        made,
        outputs: {
            environment: spec.environment,
            cluster: made.contract,
            kubeconfig: made.kubeconfig,
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
