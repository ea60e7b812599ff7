import { objectsOfKind } from "../../kubernetes/objects";
import { cis, kubernetesDocs } from "../../references";
import { rule } from "../../rule";

const LABEL = "pod-security.kubernetes.io/enforce";

export const namespacePodSecurity = rule({
    id: "namespace-pod-security",
    title: "Namespaces enforce a Pod Security profile",
    level: "mandatory",
    severity: "high",
    why: "Policies see what Pulumi creates; the label also holds for what controllers and people create later.",
    fix: `Label the namespace \`${LABEL}: restricted\`, or baseline where a workload needs it.`,
    references: [
        kubernetesDocs("Pod Security Admission", "concepts/security/pod-security-admission/"),
        cis("5.2.1", "Ensure that the cluster has at least one active policy control mechanism in place"),
    ],
    places: objectsOfKind("core/Namespace"),
    judge: ({ root, partial }) => {
        const at = root.field("metadata").field("labels").field(LABEL);
        if (at.value === "restricted" || at.value === "baseline") return undefined;
        if (at.value === undefined && partial) return undefined;
        return { at, found: at.scalar, allowed: "restricted or baseline" };
    },
});
