import { Container, containers, effectiveSecurity } from "../../kubernetes/pods";
import { Property } from "../../property";
import { cis, nsa, pss } from "../../references";
import { Finding, rule } from "../../rule";

export const runAsNonRoot = rule({
    id: "pod-run-as-non-root",
    title: "Containers run as a user other than root",
    level: "mandatory",
    severity: "high",
    why: "Root in a container is root on the node as soon as anything lets it out.",
    fix: "Set `runAsNonRoot: true` on the pod, and a user other than 0 where the image names none.",
    references: [
        pss("Restricted", "Running as Non-root"),
        cis("5.2.7", "Minimize the admission of root containers"),
        nsa("Non-root containers and rootless container engines"),
    ],
    places: (resource) => containers(resource).flatMap((container) => [notDeclared(container), rootUser(container)]),
    judge: (check) => check(),
});

type Check = () => Finding | undefined;

function notDeclared(container: Container): Check {
    return () => {
        const at = effectiveSecurity(container, "runAsNonRoot");
        if (at.value === true || (at.value === undefined && container.partial)) return undefined;
        return { at: at.exists ? at : ownSetting(container, "runAsNonRoot"), found: at.scalar, allowed: "true" };
    };
}

function rootUser(container: Container): Check {
    return () => {
        const at = effectiveSecurity(container, "runAsUser");
        return at.value === 0 ? { at, found: 0, allowed: "any user but 0, or unset" } : undefined;
    };
}

function ownSetting({ node }: Container, setting: string): Property {
    return node.field("securityContext").field(setting);
}
