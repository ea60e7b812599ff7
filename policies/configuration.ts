import * as pulumi from "@pulumi/pulumi";

/** What the stack's configuration says to the pack, beside the environment. */
export interface Configuration {
    /** ARNs under `mlp:platform.cluster.admins`. */
    readonly admins: readonly string[];
    /** `mlp:policyWaivers`: waivers by `<type>::<name>` of a resource that has no annotations, such as AWS's. */
    readonly waivers: ReadonlyMap<string, string>;
}

export const UNCONFIGURED: Configuration = { admins: [], waivers: new Map() };

export const WAIVERS_KEY = "mlp:policyWaivers";

/** Reads the stack's configuration; what is of another type says nothing, as infra's schema refuses it. */
export function currentConfiguration(): Configuration {
    const config = new pulumi.Config("mlp");
    const admins = field(field(config.getObject("platform"), "cluster"), "admins");
    return {
        admins: Array.isArray(admins) ? admins.filter((one) => typeof one === "string") : [],
        waivers: waivers(config.getObject("policyWaivers")),
    };
}

function waivers(value: unknown): ReadonlyMap<string, string> {
    if (value === undefined) return new Map();
    const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
    const entries = isMapping ? Object.entries(value) : [];
    const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    if (entries.length > 0 && texts.length === entries.length) return new Map(texts);
    throw new pulumi.RunError(
        `${WAIVERS_KEY}: not a mapping from <type>::<name> to <rule>=<reason>;expires=YYYY-MM-DD. ` +
            "See docs/policies.md#waivers",
    );
}

function field(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null && name in value
        ? (value as Readonly<Record<string, unknown>>)[name]
        : undefined;
}
