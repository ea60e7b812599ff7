import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { documentOf, PolicyDocument } from "../iam";

/** What AWS tells of a node's end, by EventBridge's source and type. */
interface Interruption {
    readonly source: "aws.ec2" | "aws.health";
    readonly type: string;
}

/** @see https://karpenter.sh/docs/concepts/disruption/#interruption */
export const INTERRUPTIONS: Readonly<Record<string, Interruption>> = {
    "spot-interruption": { source: "aws.ec2", type: "EC2 Spot Instance Interruption Warning" },
    rebalance: { source: "aws.ec2", type: "EC2 Instance Rebalance Recommendation" },
    "state-change": { source: "aws.ec2", type: "EC2 Instance State-change Notification" },
    "reservation-end": { source: "aws.ec2", type: "EC2 Capacity Reservation Instance Interruption Warning" },
    "scheduled-change": { source: "aws.health", type: "AWS Health Event" },
};

/** The queue takes messages of these rules, and nothing over an open line. */
export function queuePolicy(queueArn: string, ruleArns: readonly string[]): PolicyDocument {
    return documentOf(
        {
            Sid: "Events",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queueArn,
            Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
        },
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queueArn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    );
}

/** The queue from which Karpenter learns that a node is about to go, and what has to stand before it is of use. */
export interface InterruptionQueue {
    readonly queue: aws.sqs.Queue;
    readonly ready: readonly pulumi.Resource[];
}

/** Two minutes' notice is worth nothing after five. */
const RETENTION_SECONDS = 300;

export function interruptionQueue(
    name: string,
    tags: { [key: string]: string },
    parent: pulumi.Resource,
): InterruptionQueue {
    const queue = new aws.sqs.Queue(
        `${name}-interruptions`,
        { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true, tags },
        { parent },
    );
    const rules = Object.entries(INTERRUPTIONS).map(([event, { source, type }]) => {
        const eventPattern = JSON.stringify({ source: [source], "detail-type": [type] });
        const description = `${type}, for Karpenter`;
        return {
            event,
            rule: new aws.cloudwatch.EventRule(`${name}-${event}`, { description, eventPattern, tags }, { parent }),
        };
    });
    const policy = new aws.sqs.QueuePolicy(
        `${name}-interruptions`,
        {
            queueUrl: queue.url,
            policy: pulumi
                .all([queue.arn, pulumi.all(rules.map(({ rule }) => rule.arn))])
                .apply(([queueArn, ruleArns]) => JSON.stringify(queuePolicy(queueArn, ruleArns))),
        },
        { parent },
    );
    const targets = rules.map(
        ({ event, rule }) =>
            new aws.cloudwatch.EventTarget(
                `${name}-${event}`,
                { rule: rule.name, arn: queue.arn, targetId: "karpenter" },
                { parent, dependsOn: policy },
            ),
    );
    return { queue, ready: [policy, ...targets] };
}
