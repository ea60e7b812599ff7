import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { documentOf } from "./iam-document";
import { flowLogPolicy } from "./iam-network";
import { flowLogTrust } from "./iam-trust";
import { flowLogGroup, Scope, tagsOf } from "./naming";
import { Account } from "./partition";

/** A log group of ours before AWS makes one that keeps everything for ever, unencrypted by our key. */
export function logGroup(
    scope: Scope,
    part: string,
    name: string,
    days: number,
    key: aws.kms.Key,
): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
        `${scope.name}-${part}`,
        { name, retentionInDays: days, kmsKeyId: key.arn, tags: tagsOf(scope, part) },
        { parent: scope.parent },
    );
}

/** Every accepted and refused connection of the VPC. */
export function flowLogs(
    scope: Scope,
    vpcId: pulumi.Input<string>,
    days: number,
    key: aws.kms.Key,
    account: pulumi.Output<Account>,
): void {
    const { name, parent } = scope;
    const group = logGroup(scope, "flow-logs", flowLogGroup(scope), days, key);
    const role = new aws.iam.Role(
        `${name}-flow-logs`,
        { assumeRolePolicy: documentOf(account, flowLogTrust), tags: tagsOf(scope, "flow-logs") },
        { parent },
    );
    const facts = pulumi.all([account, group.arn]);
    const rights = new aws.iam.RolePolicy(
        `${name}-flow-logs`,
        { role: role.id, policy: documentOf(facts, ([known, arn]) => flowLogPolicy(known, arn)) },
        { parent },
    );
    new aws.ec2.FlowLog(
        name,
        {
            vpcId,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: group.arn,
            iamRoleArn: role.arn,
            tags: tagsOf(scope, "flow-logs"),
        },
        { parent, dependsOn: [rights] },
    );
}
