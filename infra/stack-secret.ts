import * as pulumi from "@pulumi/pulumi";

import { InvalidConfiguration } from "../components/problems";

/**
 * A secret of the stack: it does not belong into a stack file in the open.
 *
 * @param because - Path of the setting that needs it.
 * @throws InvalidConfiguration while it is not set.
 */
export function stackSecret(key: string, because: string): pulumi.Output<string> {
    const secret = new pulumi.Config("mlp").getSecret(key);
    if (secret !== undefined) return secret;
    throw new InvalidConfiguration([
        {
            path: `mlp:${key}`,
            found: undefined,
            allowed: `the client's secret, as ${because} is given`,
            fix: `Set it: \`pulumi config set --secret mlp:${key}\`.`,
        },
    ]);
}
