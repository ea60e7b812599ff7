import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../components/problems";
import { references } from "../images/catalogue";
import type { AwsOutputs } from "./aws";
import { buildPlatform, PlatformOutputs } from "./platform";
import { reach, ReachedCluster } from "./reach";
import { clusterOf, PlatformSpec, resolve } from "./resolve";
import { surroundingsOf } from "./stack-file";

// The SDK takes a trace with every promise, and ts-node maps each frame back to TypeScript: with Node's ten frames that
// is half of the time in which prod's cluster is registered.
Error.stackTraceLimit = 3;

/** The Pulumi program: everything that can be wrong is found before the first resource is registered. */
export = async (): Promise<PlatformOutputs | AwsOutputs> => {
    try {
        return await main();
    } catch (error) {
        // A user's mistake ends the run with its own words and no stack trace.
        if (error instanceof InvalidConfiguration) throw new pulumi.RunError(error.message);
        throw error;
    }
};

async function main(): Promise<PlatformOutputs | AwsOutputs> {
    const input: unknown = new pulumi.Config("mlp").getObject("platform");
    const spec = resolve(input, references(), surroundingsOf(input));
    if (spec.cluster.kind !== "eks") return onExistingCluster(spec, spec.cluster);
    // Loaded where it is used alone: AWS's SDK takes longer than the rest of the program. Not by import(), which would
    // look for an ES module where the engine runs CommonJS.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { buildOnAws } = require("./aws") as typeof import("./aws");
    return buildOnAws(spec, spec.cluster);
}

/** A cluster that is there: it says itself which version it runs. */
async function onExistingCluster(spec: PlatformSpec, cluster: ReachedCluster): Promise<PlatformOutputs> {
    const { kubeconfig, endpoint, kubernetesVersion } = await reach(cluster);
    return buildPlatform({
        spec,
        cluster: clusterOf(spec, endpoint.context, kubernetesVersion),
        kubeconfig,
        context: endpoint.context,
        server: endpoint.server,
        images: { references: { ...spec.images } },
    });
}
