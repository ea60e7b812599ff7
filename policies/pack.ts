import { EnforcementLevel, PolicyPackArgs, ResourceValidationPolicy } from "@pulumi/policy";

import { Environment } from "./environment";
import { Property } from "./property";
import { describe, evaluate, Level, Resource, Rule } from "./rule";
import { RULES } from "./rules";
import { waiverCount, WaiversOf, waiverUsed, waiverValid } from "./waiverPolicies";
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
export function packFor(environment: Environment, rules: readonly Rule[] = RULES, today = utcToday): PolicyPackArgs {
    const ids = new Set(rules.map(({ id }) => id));
    const waivers: WaiversOf = (resource) => waiversOf(resource, { rules: ids, today: today() });
    const judged = [...rules, waiverValid(waivers)];
    return {
        description: `Rules for a machine-learning platform on Kubernetes, as enforced in ${environment}`,
        policies: [
            ...judged.map((rule) => policyOf(rule, ENFORCEMENT[environment][rule.level], waivers)),
            waiverUsed(rules, waivers),
            waiverCount(waivers),
        ],
    };
}

function policyOf(rule: Rule, enforcementLevel: EnforcementLevel, waivers: WaiversOf): ResourceValidationPolicy {
    const { url, ...framework } = rule.references[0];
    return {
        name: rule.id,
        description: rule.title,
        enforcementLevel,
        severity: rule.severity,
        remediationSteps: rule.fix,
        framework,
        url,
        validateResource: ({ type, name, props }, report) => {
            const resource: Resource = { type, name, props: Property.root(props) };
            const { findings, unknown } = evaluate(rule, resource);
            if (findings.length > 0 && !isWaived(rule, resource, waivers)) {
                for (const finding of findings) report(describe(rule, finding));
            }
            // Thrown last: the SDK then says that something is left to judge, beside what was found already.
            if (unknown !== undefined) throw unknown;
        },
    };
}

function isWaived({ id }: Rule, resource: Resource, waivers: WaiversOf): boolean {
    return waivers(resource).inForce.some(({ rule }) => rule === id);
}
