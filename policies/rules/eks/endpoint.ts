import { ofType, unless } from "../../aws/resources";
import { Property } from "../../property";
import { cisEks, securityHub } from "../../references";
import { rule } from "../../rule";

const WORLD = ["0.0.0.0/0", "::/0"];

const vpcConfig = (resource: Parameters<typeof clusters>[0]) =>
    clusters(resource).map(({ props }) => props.field("vpcConfig"));
const clusters = ofType("aws:eks/cluster:Cluster");

export const eksPublicEndpoint = rule({
    id: "eks-endpoint-not-public",
    title: "The Kubernetes API does not answer the whole internet",
    level: "mandatory",
    severity: "critical",
    why: "What AWS does by default: without these settings anybody may try stolen credentials and new exploits.",
    fix: "Set `endpointPublicAccess: false`, or list the ranges that need it in `publicAccessCidrs`.",
    references: [
        securityHub("EKS.1", "EKS cluster endpoints should not be publicly accessible"),
        cisEks("5.4.1", "Restrict Access to the Control Plane Endpoint"),
    ],
    places: vpcConfig,
    judge: (config) => {
        const access = config.field("endpointPublicAccess");
        if (access.value === false) return undefined;
        const cidrs = config.field("publicAccessCidrs");
        if (cidrs.isEmpty)
            return { at: access, found: access.scalar, allowed: "false, or true with publicAccessCidrs" };
        const world = cidrs.items.find(isWorld);
        return world && { at: world, found: world.scalar, allowed: "ranges of your own" };
    },
});

function isWorld({ text }: Property): boolean {
    return text !== undefined && WORLD.includes(text);
}

export const eksPrivateEndpoint = rule({
    id: "eks-private-endpoint",
    title: "Nodes reach the Kubernetes API inside the VPC",
    level: "mandatory",
    severity: "medium",
    why: "AWS leaves it off: nodes then leave the VPC to talk to their own control plane.",
    fix: "Set `endpointPrivateAccess: true`.",
    references: [
        cisEks("5.4.2", "Ensure clusters are created with Private Endpoint Enabled and Public Access Disabled"),
    ],
    places: vpcConfig,
    judge: (config) => unless(config.field("endpointPrivateAccess"), [true]),
});
