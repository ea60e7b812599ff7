import { objectsOfKind } from "../../kubernetes/objects";
import { cis, kubernetesDocs } from "../../references";
import { rule } from "../../rule";

export const rbacClusterAdmin = rule({
    id: "rbac-no-cluster-admin",
    title: "Nobody is bound to cluster-admin",
    level: "mandatory",
    severity: "critical",
    why: "Whoever takes over a workload with this role has the cluster.",
    fix: "Bind a role of your own that lists what is used.",
    references: [
        cis("5.1.1", "Ensure that the cluster-admin role is only used where required"),
        kubernetesDocs("Role Based Access Control Good Practices", "concepts/security/rbac-good-practices/"),
    ],
    places: objectsOfKind("rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding"),
    judge: ({ root }) => {
        const at = root.field("roleRef").field("name");
        return at.value === "cluster-admin"
            ? { at, found: at.scalar, allowed: "any role but cluster-admin" }
            : undefined;
    },
});
