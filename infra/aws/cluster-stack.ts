import { isDeepStrictEqual } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../../components/problems";
import { CloudStores } from "../platform-services";
import { clusterStackOf, EksClusterSpec, Environment, ROOT } from "../spec";

/** What a platform needs of its cluster's stack. */
export interface StackOutputs {
    readonly kubeconfig: pulumi.Output<string>;
    readonly stores: pulumi.Output<CloudStores>;
}

/**
 * The cluster that another stack of this project made, and the stores beside it.
 *
 * The stack files say what that cluster is to be; here it is made sure that it is so before anything is put on it. A
 * preview goes on without it, as the update of the cluster's stack comes first.
 */
export async function outputsOfStack(environment: Environment, { contract }: EksClusterSpec): Promise<StackOutputs> {
    const stack = clusterStackOf(environment);
    const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
    const reference = new pulumi.StackReference(stack, { name });
    const deployed: unknown = (await reference.getOutputDetails("cluster")).value;
    const matches = isDeepStrictEqual(plain(deployed), plain(contract));
    if (!matches && !pulumi.runtime.isDryRun()) {
        throw new InvalidConfiguration([
            {
                path: `${ROOT}.layer`,
                found: "platform",
                allowed: `a cluster as stacks/Pulumi.${stack}.yaml has it; stack ${stack} ${deployed === undefined ? "has none yet" : "made another one"}`,
                fix: `Update it first: \`mlp up --env ${environment} --layer cluster\`.`,
            },
        ]);
    }
    const output = <T>(key: string) =>
        (deployed === undefined ? pulumi.output(pulumi.unknown) : reference.requireOutput(key)) as pulumi.Output<T>;
    return { kubeconfig: output("kubeconfig"), stores: output("stores") };
}

function plain(value: unknown): unknown {
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
