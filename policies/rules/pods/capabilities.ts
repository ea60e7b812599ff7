import { Container, containers } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { Finding, rule } from "../../rule";

/** The one capability that the restricted profile lets a container have. */
const ADDABLE = "NET_BIND_SERVICE";

export const capabilities = rule({
    id: "pod-drop-all-capabilities",
    title: "Containers drop all capabilities",
    level: "mandatory",
    severity: "high",
    why: "The default capabilities let a container forge packets, change owners and listen to its neighbours.",
    fix: `Set \`capabilities.drop: ["ALL"]\`, and add nothing but ${ADDABLE}.`,
    references: [
        pss("Restricted", "Capabilities"),
        cis("5.2.10", "Minimize the admission of containers with capabilities assigned"),
        nsa("Pod security enforcement"),
    ],
    places: (resource) => containers(resource).flatMap((container) => [notDropped(container), ...added(container)]),
    judge: (check) => check(),
});

type Check = () => Finding | undefined;

function notDropped({ node, partial }: Container): Check {
    return () => {
        const at = node.field("securityContext").field("capabilities").field("drop");
        if (at.includes("ALL") || (!at.exists && partial)) return undefined;
        return { at, found: at.exists ? "a list without ALL" : undefined, allowed: "a list with ALL" };
    };
}

function added({ node }: Container): readonly Check[] {
    return node.find("securityContext.capabilities.add[]").map((at) => () => {
        return at.value === undefined || at.value === ADDABLE
            ? undefined
            : { at, found: at.scalar, allowed: `only ${ADDABLE}` };
    });
}
