import { containers } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const privileged = rule({
    id: "pod-not-privileged",
    title: "No container is privileged",
    level: "mandatory",
    severity: "critical",
    why: "A privileged container is root on its node and reaches every other pod there.",
    fix: "Remove `privileged`, and add the one capability that is needed instead.",
    references: [
        pss("Baseline", "Privileged Containers"),
        cis("5.2.2", "Minimize the admission of privileged containers"),
        nsa("Pod security enforcement"),
    ],
    places: containers,
    judge: ({ node }) => {
        const at = node.field("securityContext").field("privileged");
        return at.value === undefined || at.value === false
            ? undefined
            : { at, found: at.scalar, allowed: "false or unset" };
    },
});
