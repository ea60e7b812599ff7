import { InvalidConfiguration, Problem } from "../components/problems";
import { ClusterConfig, PlatformConfig, platformSchema } from "./config";
import { checked } from "./checked";
import { problemsOf } from "./problems-of-zod";
import { clusterStackOf, Layer, ROOT } from "./spec";

/** The stack file that says where the platform runs: its own, or that of the cluster's stack. */
export interface ClusterSource {
    readonly config: PlatformConfig;
    readonly cluster: ClusterConfig;
    /** How problems name its `mlp:platform`. */
    readonly root: string;
}

/** Keys that another layer's stack file holds. */
const FOREIGN: Readonly<Record<Layer, readonly (keyof PlatformConfig)[]>> = {
    all: [],
    cluster: [],
    platform: ["cluster", "tags", "budget", "dns", "registry", "data"],
};

/** Reads `mlp:platform`. */
export function parsePlatform(input: unknown, root = ROOT): PlatformConfig {
    const parsed = platformSchema.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new InvalidConfiguration(problemsOf(parsed.error.issues, root, input));
}

/**
 * Finds the cluster that a stack's layer stands on. Pure.
 *
 * @param clusterStack the value of `mlp:platform` of stack `<environment>-cluster`, where there is one
 * @throws InvalidConfiguration when there is none, or when the layers do not fit together.
 */
export function clusterSource(config: PlatformConfig, input: unknown, clusterStack: unknown): ClusterSource {
    const foreign = foreignKeys(config, input);
    const source = checked(() =>
        config.layer === "platform" ? sourceBelow(config, clusterStack) : sourceHere(config),
    );
    if (source.ok && foreign.length === 0) return source.value;
    throw new InvalidConfiguration([...foreign, ...source.problems]);
}

function foreignKeys({ layer, environment }: PlatformConfig, input: unknown): Problem[] {
    return FOREIGN[layer]
        .filter((key) => typeof input === "object" && input !== null && key in input)
        .map((key) => ({
            path: `${ROOT}.${key}`,
            found: (input as Record<string, unknown>)[key],
            allowed: `not in layer ${layer}`,
            fix: `Move it to the stack file of ${layer === "platform" ? clusterStackOf(environment) : environment}.`,
        }));
}

function sourceHere(config: PlatformConfig): ClusterSource {
    const { cluster, environment, layer } = config;
    if (cluster === undefined) {
        const fix = "Say where the platform runs: see stacks/platform.schema.json.";
        throw refusal({ path: `${ROOT}.cluster`, found: cluster, allowed: "a kind: embedded, existing or eks", fix });
    }
    if (layer === "cluster" && cluster.kind !== "eks") {
        const fix = "Leave `layer` out: only a cluster that is made here has a stack of its own.";
        const allowed = `all with a cluster of kind ${cluster.kind}`;
        throw refusal({ path: `${ROOT}.layer`, found: layer, allowed, fix });
    }
    if (cluster.kind === "eks" && environment === "local") {
        const fix = "Name the environment dev, staging or prod, or take kind embedded or existing.";
        const allowed = "embedded or existing in local";
        throw refusal({ path: `${ROOT}.cluster.kind`, found: cluster.kind, allowed, fix });
    }
    return { config, cluster, root: ROOT };
}

function sourceBelow({ environment, layer }: PlatformConfig, clusterStack: unknown): ClusterSource {
    const name = clusterStackOf(environment);
    if (clusterStack === undefined) {
        const fix = `Write stacks/Pulumi.${name}.yaml with layer cluster, or leave \`layer\` out here.`;
        const allowed = `all where there is no stack ${name}`;
        throw refusal({ path: `${ROOT}.layer`, found: layer, allowed, fix });
    }
    const root = `${name}: ${ROOT}`;
    const below = parsePlatform(clusterStack, root);
    const wrong = (["environment", "layer"] as const).filter(
        (key) => below[key] !== { environment, layer: "cluster" }[key],
    );
    if (wrong.length > 0) {
        throw refusal(
            ...wrong.map((key) => ({
                path: `${root}.${key}`,
                found: below[key],
                allowed: key === "layer" ? "cluster" : `${environment}, as in the stack file that stands on it`,
                fix: `Correct it in stacks/Pulumi.${name}.yaml.`,
            })),
        );
    }
    if (below.cluster === undefined || below.cluster.kind !== "eks") {
        const fix = `Correct it in stacks/Pulumi.${name}.yaml.`;
        throw refusal({ path: `${root}.cluster`, found: below.cluster?.kind, allowed: "a cluster of kind eks", fix });
    }
    return { config: below, cluster: below.cluster, root };
}

function refusal(...problems: Problem[]): InvalidConfiguration {
    return new InvalidConfiguration(problems);
}
