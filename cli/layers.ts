import { existsSync } from "node:fs";
import { join } from "node:path";

import { PlatformSpec } from "../infra/resolve";
import { clusterStackOf, Layer } from "../infra/spec";
import { UserError } from "./errors";
import { specOf, SpecOptions } from "./local";
import { Override, PLATFORM } from "./stack-files";

/** One stack of an environment. */
export interface EnvironmentStack {
    readonly stack: string;
    readonly spec: PlatformSpec;
    readonly overrides: readonly Override[];
}

/**
 * The stacks of an environment in the order in which they are brought up: the cluster's before what stands on it.
 *
 * @param options `layer`: that layer alone
 */
export function stacksOf(environment: string, { layer = "all", ...options }: SpecOptions = {}): EnvironmentStack[] {
    const below = clusterStackOf(environment);
    if (existsSync(join(PLATFORM.stacks, `Pulumi.${below}.yaml`))) {
        const stacks: Record<Layer, string[]> = {
            all: [below, environment],
            cluster: [below],
            platform: [environment],
        };
        return stacks[layer].map((stack) => ({ stack, spec: specOf(stack, options), overrides: [] }));
    }
    if (layer === "all") return [{ stack: environment, spec: specOf(environment, options), overrides: [] }];
    if (layer === "cluster") {
        // Its registry must be there before the images that the platform pulls from it.
        return [
            {
                stack: environment,
                spec: specOf(environment, { ...options, layer }),
                overrides: [{ path: ["layer"], value: layer }],
            },
        ];
    }
    throw new UserError(`Environment ${environment} is one stack: leave --layer ${layer} out.`);
}
