import { isDeepStrictEqual } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../../components/problems";
import { clusterStackOf, EksClusterSpec, Environment, ROOT } from "../spec";

/**
 * The kubeconfig of the cluster that another stack of this project made.
 *
 * The stack files say what that cluster is to be; here it is made sure that it is so before anything is put on it. A
 * preview goes on without it, as the update of the cluster's stack comes first.
 */
export async function kubeconfigOfStack(
    environment: Environment,
    { contract }: EksClusterSpec,
): Promise<pulumi.Output<string>> {
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
    if (deployed === undefined) return pulumi.output(pulumi.unknown as unknown as string);
    return reference.requireOutput("kubeconfig") as pulumi.Output<string>;
}

function plain(value: unknown): unknown {
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
