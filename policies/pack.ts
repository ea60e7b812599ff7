import {
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPackArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";

import { Configuration, UNCONFIGURED } from "./configuration";
import { contextOf } from "./context";
import { Environment } from "./environment";
import { Context, describe, evaluate, evaluateIn, Level, Resource, ResourceRule, Rule, StackRule } from "./rule";
import { RULES } from "./rules";
import { Setting } from "./settings";
import { stackOf } from "./stack";
import { resourceOf, waiverCount, WaiversOf, waiverUsed, waiverValid } from "./waiverPolicies";
import { waiversOf } from "./waivers";

/** How each level is enforced in each environment. */
const ENFORCEMENT: Readonly<Record<Environment, Readonly<Record<Level, EnforcementLevel>>>> = {
    // What only prod can keep, such as digests of a registry, would be noise on every local run.
    local: { mandatory: "advisory", "mandatory-in-prod": "disabled", advisory: "advisory" },
    dev: { mandatory: "mandatory", "mandatory-in-prod": "advisory", advisory: "advisory" },
    staging: { mandatory: "mandatory", "mandatory-in-prod": "advisory", advisory: "advisory" },
    prod: { mandatory: "mandatory", "mandatory-in-prod": "mandatory", advisory: "advisory" },
};

/** Today in UTC, as YYYY-MM-DD. */
function utcToday(): string {
    return new Date().toISOString().slice(0, "YYYY-MM-DD".length);
}

/**
 * The policy pack of an environment.
 *
 * @param today decides which waivers have expired; asked anew for every resource, since an update may pass midnight.
 */
export function packFor(
    environment: Environment,
    rules: readonly Rule[] = RULES,
    today = utcToday,
    { admins, waivers: configured }: Configuration = UNCONFIGURED,
): PolicyPackArgs {
    const ids = new Set(rules.map(({ id }) => id));
    const waivers: WaiversOf = (resource) => waiversOf(resource, { rules: ids, today: today(), configured });
    const contextWith = (settings: Settings) => contextOf({ environment, today: today(), admins, settings });
    const scene: Scene = { environment, waivers, contextWith };
    return {
        description: `Rules for a machine-learning platform on Kubernetes, as enforced in ${environment}`,
        policies: [
            ...[...rules, waiverValid(waivers)].map((rule) =>
                rule.scope === "stack" ? stackPolicyOf(rule, scene) : policyOf(rule, scene),
            ),
            waiverUsed(rules, waivers, () => contextWith({})),
            waiverCount(waivers),
        ],
    };
}

type Settings = Readonly<Record<string, unknown>>;

/** What every policy of a pack shares. */
interface Scene {
    readonly environment: Environment;
    readonly waivers: WaiversOf;
    readonly contextWith: (settings: Settings) => Context;
}

function factsOf(rule: Rule, environment: Environment) {
    const { url, ...framework } = rule.references[0];
    return {
        name: rule.id,
        description: rule.title,
        enforcementLevel: ENFORCEMENT[environment][rule.level],
        severity: rule.severity,
        remediationSteps: rule.fix,
        framework,
        url,
        ...(rule.settings !== undefined && { configSchema: schemaOf(rule.settings, environment) }),
    };
}

function schemaOf(settings: readonly Setting<unknown>[], environment: Environment): PolicyConfigSchema {
    const properties = settings.map(({ name, description, schema, defaults }) => [
        name,
        { ...schema, description, default: defaults[environment] },
    ]);
    return { properties: Object.fromEntries(properties) as PolicyConfigSchema["properties"] };
}

function policyOf(rule: ResourceRule, { environment, waivers, contextWith }: Scene): ResourceValidationPolicy {
    return {
        ...factsOf(rule, environment),
        validateResource: (args, report) => {
            const resource = resourceOf(args);
            const { findings, unknown } = evaluate(rule, resource, contextWith(args.getConfig<Settings>()));
            if (findings.length > 0 && !isWaived(rule, resource, waivers)) {
                for (const finding of findings) report(describe(rule, finding));
            }
            // Thrown last: the SDK then says that something is left to judge, beside what was found already.
            if (unknown !== undefined) throw unknown;
        },
    };
}

function stackPolicyOf(rule: StackRule, { environment, waivers, contextWith }: Scene): StackValidationPolicy {
    return {
        ...factsOf(rule, environment),
        validateStack: (args, report) => {
            const stack = stackOf(args.resources);
            const context = contextWith(args.getConfig<Settings>());
            let undecided: Error | undefined;
            for (const subject of rule.subjects(stack)) {
                const { findings, unknown } = evaluateIn(stack, rule, subject, context);
                undecided ??= unknown;
                if (findings.length > 0 && isWaived(rule, subject, waivers)) continue;
                for (const finding of findings) report(describe(rule, finding), subject.urn);
            }
            if (undecided !== undefined) throw undecided;
        },
    };
}

function isWaived({ id }: Rule, resource: Resource, waivers: WaiversOf): boolean {
    return waivers(resource).inForce.some(({ rule }) => rule === id);
}
