import { ofType } from "../../aws/resources";
import { securityHub } from "../../references";
import { rule } from "../../rule";

export const queueEncryption = rule({
    id: "queue-encrypted",
    title: "Queues are encrypted",
    level: "mandatory",
    severity: "low",
    why: "Messages name instances, files and users; AWS encrypts new queues unless told not to.",
    fix: "Remove `sqsManagedSseEnabled: false`, or set `kmsMasterKeyId`.",
    references: [securityHub("SQS.1", "Amazon SQS queues should be encrypted at rest")],
    places: ofType("aws:sqs/queue:Queue"),
    judge: ({ props }) => {
        const at = props.field("sqsManagedSseEnabled");
        if (at.value !== false) return undefined;
        return props.field("kmsMasterKeyId").exists ? undefined : { at, found: false, allowed: "true, or a KMS key" };
    },
});
