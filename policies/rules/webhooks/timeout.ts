import { rule } from "../../rule";
import { GOOD_PRACTICES, webhooks } from "./places";

const LONGEST_SECONDS = 10;

export const webhookTimeout = rule({
    id: "webhook-timeout",
    title: `Webhooks answer within ${LONGEST_SECONDS} seconds`,
    level: "mandatory",
    severity: "medium",
    why: "Every request to the API waits for them, leases and node heartbeats included.",
    fix: `Set \`timeoutSeconds\` to ${LONGEST_SECONDS} or less.`,
    references: [GOOD_PRACTICES],
    places: webhooks,
    judge: ({ node }) => {
        const at = node.field("timeoutSeconds");
        const { value } = at;
        if (value === undefined || (typeof value === "number" && value <= LONGEST_SECONDS)) return undefined;
        return { at, found: at.scalar, allowed: `1 to ${LONGEST_SECONDS}` };
    },
});
