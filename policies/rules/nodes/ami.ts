import { nodeGroups } from "../../aws/nodes";
import { objectsOfKind } from "../../kubernetes/objects";
import { awsDocs } from "../../references";
import { Resource, rule } from "../../rule";

const nodeClasses = objectsOfKind("karpenter.k8s.aws/EC2NodeClass");

const places = (resource: Resource) => [
    ...nodeGroups(resource).map((group) => group.field("amiType")),
    ...nodeClasses(resource).flatMap(({ root }) => [
        root.field("spec").field("amiFamily"),
        ...root.find("spec.amiSelectorTerms[].alias"),
    ]),
];

export const nodeImage = rule({
    id: "node-image-maintained",
    title: "Nodes run an image that AWS still mends",
    level: "mandatory",
    severity: "high",
    why: "AWS ended Amazon Linux 2 for EKS on 26 November 2025; it gets no security fixes and no 1.33.",
    fix: "Use AL2023 or Bottlerocket, for GPUs their NVIDIA variant, and name the version of a Karpenter alias.",
    references: [
        awsDocs(
            "EKS AL2 and AL2-accelerated AMIs transition guide",
            "eks/latest/userguide/eks-ami-deprecation-faqs.html",
        ),
    ],
    places,
    judge: (at) => {
        const { text } = at;
        if (text === undefined) return undefined;
        const gone = /^AL2(_|$)|^al2@/.test(text);
        const moving = /@latest$/.test(text);
        return gone || moving
            ? { at, found: text, allowed: moving ? "an alias with a version" : "AL2023 or Bottlerocket" }
            : undefined;
    },
});
