import * as pulumi from "@pulumi/pulumi";

export const ENVIRONMENTS = ["local", "dev", "staging", "prod"] as const;

/** The environments of the platform, from the most forgiving to the strictest. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** Names the environment where there is no stack configuration, as when an exported state is analysed. */
export const ENVIRONMENT_VARIABLE = "MLP_ENVIRONMENT";

/**
 * The environment that decides how strictly rules are enforced: `environment` of the stack's `mlp:platform`, else the
 * variable {@link ENVIRONMENT_VARIABLE}, else prod.
 *
 * The stack comes first so that a variable cannot loosen prod; a pack that does not know where it is is strict.
 */
export function currentEnvironment(): Environment {
    const platform: unknown = new pulumi.Config("mlp").getObject("platform");
    if (typeof platform === "object" && platform !== null && "environment" in platform) {
        return checked(platform.environment, "mlp:platform.environment");
    }
    const variable = process.env[ENVIRONMENT_VARIABLE];
    return variable === undefined || variable === "" ? "prod" : checked(variable, ENVIRONMENT_VARIABLE);
}

function checked(value: unknown, path: string): Environment {
    const environment = ENVIRONMENTS.find((one) => one === value);
    if (environment !== undefined) return environment;
    throw new pulumi.RunError(
        `${path}: ${JSON.stringify(value)} is not allowed (one of ${ENVIRONMENTS.join(", ")}). ` +
            "Name the environment that this stack belongs to.",
    );
}
