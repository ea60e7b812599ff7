import { existsSync, readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { Cluster, ExistingCluster, InvalidConfiguration, Tenant } from "../../components/index";
import { digitsPipeline } from "./pipeline";

/**
 * A team's own program on a platform that somebody else runs: one pipeline in the team's namespace.
 *
 * Configuration: `platform` (the platform's stack), `team` (default: vision), `context` of $KUBECONFIG (default: its
 * current one), `stepsImage` and `trainingImage` (the platform's `pipeline-steps` and `torch-runtime`).
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
    const stack = config.require("platform");
    const platform = new pulumi.StackReference("platform", { name: stack });
    const cluster = (await platform.getOutputDetails("cluster")).value as Cluster | undefined;
    if (cluster === undefined) throw new pulumi.RunError(`${stack} has no cluster: run \`npm run up\` first.`);
    const teams = (await platform.getOutputDetails("teams")).value as { [team: string]: Tenant } | undefined;
    const team = config.get("team") ?? "vision";
    const tenant = teams?.[team];
    if (tenant === undefined) {
        const names = Object.keys(teams ?? {}).join(", ") || "none";
        throw new pulumi.RunError(`${stack} has no team ${team} (teams: ${names}): add it to its stack file.`);
    }
    const context = config.get("context");
    const { provider } = new ExistingCluster("cluster", {
        clusterName: cluster.name,
        kubeconfig: kubeconfig(),
        kubernetesVersion: cluster.kubernetesVersion,
        gpuPools: cluster.gpuPools,
        ...(cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
        ...(context !== undefined && { context }),
    });
    const pipeline = digitsPipeline(
        {
            tenant,
            cluster,
            stepsImage: config.require("stepsImage"),
            trainingImage: config.require("trainingImage"),
        },
        { providers: { kubernetes: provider } },
    );
    return { template: pipeline.templateName, namespace: pipeline.namespace };
}
