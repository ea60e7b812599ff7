import { containers } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const privilegeEscalation = rule({
    id: "pod-no-privilege-escalation",
    title: "No process gains more privileges than its parent",
    level: "mandatory",
    severity: "high",
    why: "A set-uid binary in the image otherwise turns an ordinary user into root.",
    fix: "Set `allowPrivilegeEscalation: false` on the container.",
    references: [
        pss("Restricted", "Privilege Escalation"),
        cis("5.2.6", "Minimize the admission of containers with allowPrivilegeEscalation"),
        nsa("Pod security enforcement"),
    ],
    places: containers,
    judge: ({ node, partial }) => {
        const at = node.field("securityContext").field("allowPrivilegeEscalation");
        if (at.value === false || (at.value === undefined && partial)) return undefined;
        return { at, found: at.scalar, allowed: "false" };
    },
});
