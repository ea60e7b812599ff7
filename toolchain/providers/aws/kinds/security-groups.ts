import { numberAt } from "../../base/json";
import { arn, AwsKind, AwsKinds, text } from "../kind";

const EC2 = "hashicorp/terraform-provider-aws internal/service/ec2";
const inVpc = { path: "vpcId", to: ["aws:ec2/vpc:Vpc"], blocks: true } as const;

/** Interfaces hold their security groups. */
export const guarded = {
    path: "securityGroupIds",
    to: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    blocks: true,
} as const;

const securityGroup: AwsKind = {
    source: `${EC2}/vpc_security_group.go`,
    named: "name",
    id: (made) => `sg-${made.hex(17)}`,
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    replaces: ["description", "name", "namePrefix", "vpcId"],
    computed: (made, id) => ({ arn: arn("ec2", made.region, `security-group/${id}`) }),
    references: [inVpc],
};

const defaultSecurityGroup: AwsKind = {
    source: `${EC2}/vpc_default_security_group.go`,
    id: ({ inputs }, store) =>
        text(store.named("aws:ec2/vpc:Vpc", text(inputs.vpcId))?.outputs.defaultSecurityGroupId, "sg-unknown"),
    replaces: ["vpcId"],
    computed: (made, id) => ({ arn: arn("ec2", made.region, `security-group/${id}`), name: "default" }),
    // It goes with its VPC: forgetting it deletes nothing.
    references: [{ ...inVpc, blocks: false }],
};

const ofGroup = { path: "securityGroupId", to: guarded.to, blocks: false } as const;
const fromGroup = (path: string) => ({ path, to: guarded.to, blocks: true });

/** A rule goes with its own group, and holds the group that it names as its source. */
const securityGroupRule: AwsKind = {
    source: `${EC2}/vpc_security_group_rule.go`,
    id: (made) => `sgrule-${made.hex(10)}`,
    replaces: [
        ...["type", "fromPort", "toPort", "protocol", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds"],
        ...["securityGroupId", "self", "sourceSecurityGroupId"],
    ],
    computed: (made) => ({ securityGroupRuleId: `sgr-${made.hex(17)}` }),
    references: [ofGroup, fromGroup("sourceSecurityGroupId")],
    validate: (inputs) => {
        const [from, to] = [numberAt(inputs, "fromPort"), numberAt(inputs, "toPort")];
        if (inputs.protocol !== "-1" || (from === 0 && to === 0)) return [];
        return [{ property: "fromPort", reason: "must be 0, as toPort, where the protocol is -1" }];
    },
};

const rule = (source: string): AwsKind => ({
    source: `${EC2}/${source}`,
    id: (made) => `sgr-${made.hex(17)}`,
    replaces: ["securityGroupId"],
    computed: (made, id) => ({
        arn: arn("ec2", made.region, `security-group-rule/${id}`),
        securityGroupRuleId: id,
    }),
    references: [ofGroup, fromGroup("referencedSecurityGroupId")],
    validate: (inputs) => {
        const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
        const given = sources.filter((key) => inputs[key] !== undefined);
        if (given.length === 1) return [];
        return [{ property: "", reason: `needs exactly one of ${sources.join(", ")}; has ${given.length}` }];
    },
});

export const SECURITY_GROUPS: AwsKinds = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
    "aws:ec2/securityGroup:SecurityGroup": securityGroup,
    "aws:ec2/securityGroupRule:SecurityGroupRule": securityGroupRule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("vpc_security_group_egress_rule.go"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("vpc_security_group_ingress_rule.go"),
};
