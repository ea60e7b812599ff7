import { ofType } from "../../aws/resources";
import { objectsOfKind } from "../../kubernetes/objects";
import { cisEks, securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const subnets = ofType("aws:ec2/subnet:Subnet");
const templates = ofType("aws:ec2/launchTemplate:LaunchTemplate");
const nodeClasses = objectsOfKind("karpenter.k8s.aws/EC2NodeClass");

export const privateNodes = rule({
    id: "network-private-nodes",
    title: "No machine gets a public address just by starting",
    level: "mandatory",
    severity: "high",
    why: "A node with a public address is one security-group rule away from the internet.",
    fix: "Leave `mapPublicIpOnLaunch` and `associatePublicIpAddress` off; load balancers bring their own addresses.",
    references: [
        securityHub("EC2.15", "EC2 subnets should not automatically assign public IP addresses"),
        cisEks("5.4.3", "Ensure clusters are created with Private Nodes"),
    ],
    places: (resource: Resource) => [
        ...subnets(resource).map(({ props }) => props.field("mapPublicIpOnLaunch")),
        ...templates(resource).flatMap(({ props }) => props.find("networkInterfaces[].associatePublicIpAddress")),
        ...nodeClasses(resource).flatMap(({ root }) => root.find("spec.associatePublicIPAddress")),
    ],
    judge: (at) => {
        const { value } = at;
        return value === true || value === "true" ? { at, found: at.scalar, allowed: "false or unset" } : undefined;
    },
});
