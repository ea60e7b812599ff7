import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../components/problems";
import { references } from "../images/catalogue";
import { buildPlatform, PlatformOutputs } from "./platform";
import { reach } from "./reach";
import { clusterOf, resolve } from "./resolve";

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
    const { kubeconfig, endpoint, kubernetesVersion } = await reach(spec.cluster);
    return buildPlatform({
        spec,
        cluster: clusterOf(spec, endpoint.context, kubernetesVersion),
        kubeconfig,
        context: endpoint.context,
        images: { references: { ...spec.images } },
    });
}
