import { Property } from "../../property";
import { rule } from "../../rule";
import { GOOD_PRACTICES, webhooks } from "./places";

/** Resources without which a cluster cannot bring back the webhook that blocks it. */
const VITAL = ["*", "*/*", "pods", "services", "endpoints", "leases", "nodes", "namespaces"];

export const webhookScope = rule({
    id: "webhook-scope",
    title: "Webhooks that refuse by default leave the rest of the cluster alone",
    level: "mandatory",
    severity: "high",
    why: "When such a webhook is down, it keeps the very pods from starting that would bring it back.",
    fix: "Set a `namespaceSelector` or `objectSelector`, `matchConditions`, or `failurePolicy: Ignore`.",
    references: [GOOD_PRACTICES],
    places: webhooks,
    judge: ({ node, partial }) => {
        const vital = node.find("rules[].resources[]").find((at) => at.text !== undefined && VITAL.includes(at.text));
        if (vital === undefined || partial || node.field("failurePolicy").value === "Ignore") return undefined;
        const narrowed =
            narrows(node.field("namespaceSelector")) ||
            narrows(node.field("objectSelector")) ||
            !node.field("matchConditions").isEmpty;
        return narrowed ? undefined : { at: vital, found: vital.scalar, allowed: "only with a selector" };
    },
});

function narrows(selector: Property): boolean {
    return !selector.field("matchLabels").isEmpty || !selector.field("matchExpressions").isEmpty;
}
