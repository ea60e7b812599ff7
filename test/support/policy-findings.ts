import { contextOf } from "../../policies/context";
import { Property } from "../../policies/property";
import { evaluate } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import { waiversOf } from "../../policies/waivers";
import { Registered } from "./mocks";

const today = new Date().toISOString().slice(0, 10);
const ids = new Set(RULES.map(({ id }) => id));

/** What the pack's rules about single resources say of them in prod, waivers taken into account: `<rule> <resource>`. */
export function policyFindings(resources: readonly Registered[]): string[] {
    const context = contextOf({ environment: "prod", today });
    return resources.flatMap(({ type, name, inputs }) => {
        const resource = { type, name, props: Property.root(inputs), protect: false };
        const waived = new Set(waiversOf(resource, { rules: ids, today }).inForce.map(({ rule }) => rule));
        return RULES.flatMap((rule) => {
            if (rule.scope !== "resource" || waived.has(rule.id)) return [];
            return evaluate(rule, resource, context).findings.map(() => `${rule.id} ${name}`);
        });
    });
}
