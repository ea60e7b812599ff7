import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, ExistingCluster, Framework, InvalidConfiguration, TrainingJob } from "../../components/index";

/**
 * A team's own program on a platform that somebody else runs: a namespace and one distributed training job.
 *
 * Configuration: `platform` (the platform's stack), `context` of $KUBECONFIG (default: its current one), `run` (change it to train again), `nodes`, `gpus` for each node,
 * `cpu`, `memory`, `code` (directory), `entrypoint`.
 */
export = async () => {
    try {
        return await main();
    } catch (error) {
        if (error instanceof InvalidConfiguration) throw new pulumi.RunError(error.message);
        throw error;
    }
};

function kubeconfig(): string {
    const file = process.env.KUBECONFIG;
    if (file === undefined || !existsSync(file)) {
        throw new pulumi.RunError(
            `KUBECONFIG names no file (${file ?? "it is not set"}): set it to the platform's kubeconfig, for the ` +
                'embedded cluster by `eval "$(npm run --silent env)"`.',
        );
    }
    return readFileSync(file, "utf8");
}

async function main() {
    const config = new pulumi.Config();
    const platform = new pulumi.StackReference("platform", { name: config.require("platform") });
    const details = await platform.getOutputDetails("cluster");
    const cluster = details.value as Cluster | undefined;
    if (cluster === undefined)
        throw new pulumi.RunError(`${config.require("platform")} has no cluster: run \`npm run up\` first.`);

    const context = config.get("context");
    const { provider } = new ExistingCluster("cluster", {
        clusterName: cluster.name,
        kubeconfig: kubeconfig(),
        kubernetesVersion: cluster.kubernetesVersion,
        gpuPools: cluster.gpuPools,
        ...(cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
        ...(context !== undefined && { context }),
    });
    const namespace = new k8s.core.v1.Namespace(
        "example-training",
        {
            metadata: {
                name: "example-training",
                labels: { "pod-security.kubernetes.io/enforce": "restricted" },
            },
        },
        { provider },
    );
    const digits = new TrainingJob(
        "digits",
        {
            namespace: namespace.metadata.name,
            framework: Framework.Torch,
            cluster,
            codeDirectory: config.get("code") ?? join(__dirname, "code"),
            entrypoint: config.get("entrypoint") ?? "train.py",
            args: ["--epochs", "20"],
            nodes: config.getNumber("nodes") ?? 2,
            gpus: config.getNumber("gpus") ?? 0,
            cpu: config.get("cpu") ?? "500m",
            memory: config.get("memory") ?? "1Gi",
            run: config.get("run") ?? "1",
        },
        { providers: { kubernetes: provider } },
    );
    return { job: digits.jobName, namespace: digits.namespace, outputClaim: digits.outputClaim };
}
