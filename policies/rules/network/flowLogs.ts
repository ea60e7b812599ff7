import { among, ofType } from "../../aws/resources";
import { securityHub } from "../../references";
import { stackRule } from "../../rule";
import { missing, neighboursOf } from "../../stack";

const vpcs = ofType("aws:ec2/vpc:Vpc");

export const vpcFlowLogs = stackRule({
    id: "network-flow-logs",
    title: "Every VPC keeps flow logs",
    level: "mandatory",
    severity: "medium",
    why: "Without them nobody can tell afterwards where data went.",
    fix: "Add an `aws.ec2.FlowLog` with `vpcId` and `trafficType` ALL or REJECT.",
    references: [securityHub("EC2.6", "VPC flow logging should be enabled in all VPCs")],
    about: vpcs,
    judge: (vpc, stack) => {
        const logs = neighboursOf(vpc, among(stack, "aws:ec2/flowLog:FlowLog"), { property: "vpcId", names: ["id"] });
        // Only what was accepted is no record of attempts.
        return logs.some(({ props }) => props.field("trafficType").value !== "ACCEPT")
            ? undefined
            : missing("flowLog", "a FlowLog of this VPC");
    },
});
