import { containers } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const seccomp = rule({
    id: "pod-seccomp-profile",
    title: "Containers run under a seccomp profile",
    level: "mandatory",
    severity: "medium",
    why: "Without a profile every system call of the kernel is open to attack.",
    fix: "Set `seccompProfile: { type: RuntimeDefault }` on the pod.",
    references: [
        pss("Restricted", "Seccomp"),
        cis("5.7.2", "Ensure that the seccomp profile is set to docker/default in your pod definitions"),
        nsa("Pod security enforcement"),
    ],
    places: containers,
    judge: ({ node, pod, partial }) => {
        const own = node.field("securityContext").field("seccompProfile").field("type");
        const at =
            own.exists || pod === undefined ? own : pod.field("securityContext").field("seccompProfile").field("type");
        if (at.value === "RuntimeDefault" || at.value === "Localhost") return undefined;
        if (at.value === undefined && partial) return undefined;
        return { at, found: at.scalar, allowed: "RuntimeDefault, or Localhost with a profile of your own" };
    },
});
