import { nodeGroups } from "../../aws/nodes";
import { ofType } from "../../aws/resources";
import { awsDocs } from "../../references";
import { Resource, rule } from "../../rule";

const templates = ofType("aws:ec2/launchTemplate:LaunchTemplate");

export const nodeRemoteAccess = rule({
    id: "node-no-remote-access",
    title: "Nobody logs in to nodes over SSH",
    level: "mandatory",
    severity: "high",
    why: "A key without `sourceSecurityGroupIds` opens port 22 of every node to the internet.",
    fix: "Remove `remoteAccess` and `keyName`; use Systems Manager or `kubectl debug node`.",
    references: [awsDocs("RemoteAccessConfig", "eks/latest/APIReference/API_RemoteAccessConfig.html")],
    places: (resource: Resource) => [
        ...nodeGroups(resource).map((group) => group.field("remoteAccess")),
        ...templates(resource).map(({ props }) => props.field("keyName")),
    ],
    judge: (at) => (at.exists ? { at, found: at.scalar ?? "set", allowed: "unset" } : undefined),
});
