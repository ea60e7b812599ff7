import { listed, statementsOf } from "../../aws/documents";
import { among, ofType } from "../../aws/resources";
import { awsDocs, cisEks } from "../../references";
import { StackResource, stackRule } from "../../rule";
import { neighboursOf } from "../../stack";

/** What a node needs before any pod with a role of its own runs on it. */
const NODE_POLICIES = [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSSMManagedInstanceCore",
];

const attachments = ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");

export const iamNodeRole = stackRule({
    id: "iam-node-role-minimal",
    title: "The role of nodes carries nothing that a pod could have by itself",
    level: "mandatory",
    severity: "high",
    why: "Every pod that reaches its node's metadata has the node's rights, the CNI's over the network among them.",
    fix: `Give the CNI and the drivers roles of their own by Pod Identity; leave nodes ${NODE_POLICIES.join(", ")}.`,
    references: [
        awsDocs("Amazon EKS node IAM role", "eks/latest/userguide/create-node-role.html"),
        cisEks("5.2.1", "Prefer using dedicated Amazon EKS Service Accounts"),
    ],
    about: attachments,
    judge: (attachment, stack) => {
        const at = attachment.props.field("policyArn");
        const arn = at.text ?? "";
        if (NODE_POLICIES.some((policy) => arn.endsWith(`:aws:policy/${policy}`))) return undefined;
        const ofNodes = among(stack, "aws:iam/role:Role").filter((role) => holds(role, attachment) && isForNodes(role));
        return ofNodes.length > 0 ? { at, found: arn, allowed: NODE_POLICIES.join(", ") } : undefined;
    },
});

function holds(role: StackResource, attachment: StackResource): boolean {
    return neighboursOf(role, [attachment], { property: "role", names: ["name", "id"] }).length > 0;
}

function isForNodes(role: StackResource): boolean {
    return statementsOf(role.props.field("assumeRolePolicy"), "Allow").some(({ principal }) =>
        listed(principal.field("Service")).some(({ text }) => text !== undefined && /^ec2\.amazonaws\.com/.test(text)),
    );
}
