import { documentAt } from "../../aws/documents";
import { ofType, propertyOf, required, unless } from "../../aws/resources";
import { awsDocs, cisEks } from "../../references";
import { rule } from "../../rule";

export const eksAddonVersion = rule({
    id: "eks-addon-version",
    title: "EKS add-ons are pinned to a version",
    level: "mandatory",
    severity: "medium",
    why: "Without one AWS chooses: the same program then makes different clusters on different days.",
    fix: "Set `addonVersion` to the version that was tested.",
    references: [awsDocs("Amazon EKS add-ons", "eks/latest/userguide/eks-add-ons.html")],
    places: propertyOf("aws:eks/addon:Addon", "addonVersion"),
    judge: (at) => required(at, "a version such as v1.20.4-eksbuild.1"),
});

export const eksNetworkPolicy = rule({
    id: "eks-network-policy",
    title: "The VPC CNI enforces network policies",
    level: "mandatory",
    severity: "high",
    why: "It is off by default: every NetworkPolicy of the platform would be accepted and ignored.",
    fix: 'Set `configurationValues` of the vpc-cni add-on to JSON with `"enableNetworkPolicy": "true"`.',
    references: [
        awsDocs("Limit Pod traffic with Kubernetes network policies", "eks/latest/userguide/cni-network-policy.html"),
        cisEks("5.4.4", "Ensure Network Policy is Enabled and set as appropriate"),
    ],
    places: (resource) => addons(resource).filter(({ props }) => props.field("addonName").value === "vpc-cni"),
    judge: ({ props }) =>
        unless(documentAt(props.field("configurationValues")).field("enableNetworkPolicy"), ["true", true], '"true"'),
});

const addons = ofType("aws:eks/addon:Addon");
