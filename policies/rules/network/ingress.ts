import { ofType } from "../../aws/resources";
import { Property } from "../../property";
import { securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const WORLD = ["0.0.0.0/0", "::/0"];

const groups = ofType("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
const rules = ofType("aws:ec2/securityGroupRule:SecurityGroupRule");
const ingressRules = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");

const ranges = (place: Property) => [...place.find("cidrBlocks[]"), ...place.find("ipv6CidrBlocks[]")];

export const worldIngress = rule({
    id: "network-no-world-ingress",
    title: "Security groups do not let the whole internet in",
    level: "mandatory",
    severity: "critical",
    why: "Every scanner finds an open port within hours.",
    fix: "Name the ranges or the security group that need it; a public gateway needs a waiver.",
    references: [
        securityHub("EC2.18", "Security groups should only allow unrestricted incoming traffic for authorized ports"),
    ],
    places: (resource: Resource) => [
        ...groups(resource).flatMap(({ props }) => props.find("ingress[]").flatMap(ranges)),
        ...rules(resource)
            .filter(({ props }) => props.field("type").value === "ingress")
            .flatMap(({ props }) => ranges(props)),
        ...ingressRules(resource).flatMap(({ props }) => [props.field("cidrIpv4"), props.field("cidrIpv6")]),
    ],
    judge: (at) => {
        const { text } = at;
        return text !== undefined && WORLD.includes(text)
            ? { at, found: text, allowed: "ranges of your own" }
            : undefined;
    },
});
