import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../components/problems";
import { references } from "../images/catalogue";
import { checkEmbedded } from "./embedded";
import { endpointOf } from "./kubeconfig";
import { defaultKubeconfig, readKubeconfig } from "./kubeconfig-file";
import { buildPlatform, PlatformOutputs } from "./platform";
import { serverVersion } from "./preflight";
import { clusterOf, PlatformSpec, resolve } from "./resolve";

/** The Pulumi program: everything that can be wrong is found before the first resource is registered. */
export = async (): Promise<PlatformOutputs> => {
    try {
        return await main();
    } catch (error) {
        // A user's mistake ends the run with its own words and no stack trace.
        if (error instanceof InvalidConfiguration) throw new pulumi.RunError(error.message);
        throw error;
    }
};

async function main(): Promise<PlatformOutputs> {
    const spec = resolve(new pulumi.Config("mlp").getObject("platform"), references());
    const file = (spec.cluster.kind === "existing" && spec.cluster.kubeconfig) || defaultKubeconfig();
    const kubeconfig = readKubeconfig(file);
    const endpoint = endpointOf(kubeconfig, file, contextOf(spec));
    if (spec.cluster.kind === "embedded") checkEmbedded(endpoint);
    const kubernetesVersion = await serverVersion(endpoint);
    return buildPlatform({
        spec,
        cluster: clusterOf(spec, endpoint.context, kubernetesVersion),
        kubeconfig,
        context: endpoint.context,
        images: { references: { ...spec.images } },
    });
}

function contextOf({ cluster }: PlatformSpec): string | undefined {
    return cluster.kind === "existing" ? cluster.context : undefined;
}
