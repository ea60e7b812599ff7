import { EKS_VERSIONS } from "../../aws/kubernetesSupport";
import { propertyOf, unless } from "../../aws/resources";
import { awsDocs, securityHub } from "../../references";
import { Resource, rule } from "../../rule";
import { everywhere, numberSetting } from "../../settings";

const CALENDAR = awsDocs(
    "Understand the Kubernetes version lifecycle on EKS",
    "eks/latest/userguide/kubernetes-versions.html",
);

const clusterVersion = propertyOf("aws:eks/cluster:Cluster", "version");
const nodeVersion = propertyOf("aws:eks/nodeGroup:NodeGroup", "version");

// A node group without a version has its cluster's.
const versions = (resource: Resource) => [
    ...clusterVersion(resource),
    ...nodeVersion(resource).filter(({ exists }) => exists),
];

export const eksVersion = rule({
    id: "eks-supported-version",
    title: "Kubernetes is a version in EKS's standard support",
    level: "mandatory",
    severity: "high",
    why: "Afterwards the control plane costs six times as much, and AWS upgrades it by force in the end.",
    fix: "Upgrade by one minor version at a time; a version that is not in the table needs a line there.",
    references: [securityHub("EKS.2", "EKS clusters should run on a supported Kubernetes version"), CALENDAR],
    places: versions,
    judge: (at, { today }) => {
        const supported = EKS_VERSIONS.filter(({ standardEnds }) => today <= standardEnds).map((one) => one.version);
        return unless(at, supported, supported.length === 0 ? "none: the table is out of date" : supported.join(", "));
    },
});

const NOTICE = numberSetting("noticeDays", "Days before the end of standard support from which on it is printed.", {
    ...everywhere(60),
});

export const eksVersionEnds = rule({
    id: "eks-version-ends-soon",
    title: "The end of a version's standard support is seen coming",
    level: "advisory",
    severity: "medium",
    why: "An upgrade of a cluster with GPUs takes weeks to plan.",
    fix: "Plan the upgrade to the next minor version.",
    references: [CALENDAR],
    settings: [NOTICE],
    places: clusterVersion,
    judge: (at, { today, value }) => {
        const known = EKS_VERSIONS.find(({ version }) => version === at.value);
        if (known === undefined || today > known.standardEnds) return undefined;
        const days = (Date.parse(known.standardEnds) - Date.parse(today)) / 86_400_000;
        const notice = value(NOTICE);
        return days > notice
            ? undefined
            : { at, found: at.scalar, allowed: `a version supported for ${notice} days more, not ${days}` };
    },
});

export const eksStandardSupport = rule({
    id: "eks-standard-support",
    title: "The cluster does not slide into extended support",
    level: "mandatory-in-prod",
    severity: "medium",
    why: "EXTENDED is AWS's default: a forgotten upgrade becomes a bill six times as high, silently.",
    fix: "Set `upgradePolicy.supportType: STANDARD`.",
    references: [CALENDAR],
    places: propertyOf("aws:eks/cluster:Cluster", "upgradePolicy"),
    judge: (policy) => unless(policy.field("supportType"), ["STANDARD"]),
});
