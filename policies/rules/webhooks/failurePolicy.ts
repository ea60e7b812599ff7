import { rule } from "../../rule";
import { GOOD_PRACTICES, webhooks } from "./places";

export const webhookFailurePolicy = rule({
    id: "webhook-failure-policy",
    title: "Webhooks say what happens when they do not answer",
    level: "mandatory",
    severity: "medium",
    why: "The default is to refuse every request, which nobody decided on.",
    fix: "Set `failurePolicy: Fail` where a check must never be skipped, `Ignore` where the cluster must go on.",
    references: [GOOD_PRACTICES],
    places: webhooks,
    judge: ({ node, partial }) => {
        const at = node.field("failurePolicy");
        if (at.value === "Fail" || at.value === "Ignore" || (at.value === undefined && partial)) return undefined;
        return { at, found: at.scalar, allowed: "Fail or Ignore" };
    },
});
