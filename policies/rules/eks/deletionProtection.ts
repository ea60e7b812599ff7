import { propertyOf, unless } from "../../aws/resources";
import { awsDocs } from "../../references";
import { rule } from "../../rule";

export const eksDeletionProtection = rule({
    id: "eks-deletion-protection",
    title: "AWS refuses to delete the cluster",
    level: "mandatory-in-prod",
    severity: "high",
    why: "Pulumi's `protect` does not stop anybody in the console.",
    fix: "Set `deletionProtection: true`.",
    references: [
        awsDocs("Protect EKS clusters from accidental deletion", "eks/latest/userguide/deletion-protection.html"),
    ],
    places: propertyOf("aws:eks/cluster:Cluster", "deletionProtection"),
    judge: (at) => unless(at, [true]),
});
