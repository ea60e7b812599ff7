import { join } from "node:path";

import { ExistingCluster, Framework, GpuPool, InvalidConfiguration, Training, TrainingJob } from "@mlp/components";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** The cluster as this team's stack file describes it. */
interface TeamCluster {
    name: string;
    kubernetesVersion: string;
    gpuPools?: GpuPool[];
}

/**
 * A team that has a cluster of its own, and wants the platform's training layer on it: the library is a package
 * among others here. Configuration: `cluster`, `kubeconfig` (secret), `images`, `nodes`, `gpus` of each node.
 */
export = () => {
    try {
        return program();
    } catch (error) {
        // What is wrong with the configuration is told without a stack trace.
        if (error instanceof InvalidConfiguration) throw new pulumi.RunError(error.message);
        throw error;
    }
};

function program() {
    const config = new pulumi.Config();
    const { name, kubernetesVersion, gpuPools = [] } = config.requireObject<TeamCluster>("cluster");
    const { provider, contract } = new ExistingCluster("vision", {
        clusterName: name,
        kubeconfig: config.requireSecret("kubeconfig"),
        kubernetesVersion,
        gpuPools,
    });
    const training = new Training(
        "training",
        {
            images: { references: config.requireObject<Record<string, string>>("images") },
            runtimes: [{ framework: Framework.Torch, image: "torch-runtime" }],
        },
        { providers: { kubernetes: provider, tls: new tls.Provider("tls") } },
    );
    const namespace = new k8s.core.v1.Namespace("vision", { metadata: { name: "vision" } }, { provider });
    const line = new TrainingJob(
        "line",
        {
            namespace: namespace.metadata.name,
            framework: Framework.Torch,
            cluster: contract,
            codeDirectory: join(__dirname, "code"),
            nodes: config.getNumber("nodes") ?? 2,
            gpus: config.getNumber("gpus") ?? 0,
        },
        { providers: { kubernetes: provider }, dependsOn: training },
    );
    return { runtimes: training.runtimes, job: line.jobName, output: line.outputClaim };
}
