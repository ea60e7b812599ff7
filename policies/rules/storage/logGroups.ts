import { propertyOf, required } from "../../aws/resources";
import { awsDocs, securityHub } from "../../references";
import { rule } from "../../rule";

export const logRetention = rule({
    id: "log-group-retention",
    title: "Log groups end their logs some day",
    level: "mandatory",
    severity: "low",
    why: "AWS keeps logs forever unless told otherwise, and bills every month of it.",
    fix: "Set `retentionInDays`.",
    references: [securityHub("CloudWatch.16", "CloudWatch log groups should be retained for a specified time period")],
    places: propertyOf("aws:cloudwatch/logGroup:LogGroup", "retentionInDays"),
    judge: (at) => {
        const { value } = at;
        return typeof value === "number" && value > 0
            ? undefined
            : { at, found: at.scalar, allowed: "a number of days, 1 to 3653" };
    },
});

export const logEncryption = rule({
    id: "log-group-encrypted",
    title: "Log groups are encrypted with a key of our own",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "Logs hold what people typed and what models answered.",
    fix: "Set `kmsKeyId` to the ARN of a key that lets CloudWatch Logs use it.",
    references: [
        awsDocs(
            "Encrypt log data in CloudWatch Logs using AWS KMS",
            "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        ),
    ],
    places: propertyOf("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"),
    judge: (at) => required(at, "the ARN of a KMS key"),
});
