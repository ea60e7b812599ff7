import { objectsOfKind } from "../../kubernetes/objects";
import { Property } from "../../property";
import { cis, kubernetesDocs } from "../../references";
import { Resource, rule } from "../../rule";

const GOOD_PRACTICES = kubernetesDocs(
    "Role Based Access Control Good Practices",
    "concepts/security/rbac-good-practices/",
);

const roles = objectsOfKind("rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/Role");

function inRules(...fields: readonly string[]): (resource: Resource) => readonly Property[] {
    return (resource) =>
        roles(resource).flatMap(({ root }) => fields.flatMap((field) => root.find(`rules[].${field}[]`)));
}

export const rbacWildcards = rule({
    id: "rbac-no-wildcards",
    title: "Roles name what they allow, without wildcards",
    level: "mandatory",
    severity: "high",
    why: "A wildcard also allows what the next version of the API adds.",
    fix: "List the verbs, resources and API groups that are used.",
    references: [cis("5.1.3", "Minimize wildcard use in Roles and ClusterRoles"), GOOD_PRACTICES],
    places: inRules("apiGroups", "resources", "verbs", "nonResourceURLs"),
    judge: (at) => {
        const wild = at.text === "*" || at.text?.startsWith("*/");
        return wild ? { at, found: at.scalar, allowed: "names without *" } : undefined;
    },
});

const ESCALATING = ["bind", "escalate", "impersonate"];

export const rbacEscalation = rule({
    id: "rbac-no-escalation",
    title: "Roles do not let their holder become somebody else",
    level: "mandatory",
    severity: "critical",
    why: "Whoever may bind, escalate or impersonate has every right there is.",
    fix: "Remove the verb; let whoever deploys create the binding instead of a controller.",
    references: [
        cis("5.1.8", "Limit use of the Bind, Impersonate and Escalate permissions in the Kubernetes cluster"),
        GOOD_PRACTICES,
    ],
    places: inRules("verbs"),
    judge: (at) =>
        at.text !== undefined && ESCALATING.includes(at.text)
            ? { at, found: at.scalar, allowed: `verbs other than ${ESCALATING.join(", ")}` }
            : undefined,
});
