import { containersAt } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const hostPort = rule({
    id: "pod-no-host-port",
    title: "No container takes a port of its node",
    level: "mandatory",
    severity: "medium",
    why: "A port of the node is open to its network, past Services and policies, and only one pod can have it.",
    fix: "Remove `hostPort` and publish the port through a Service.",
    references: [
        pss("Baseline", "Host Ports"),
        cis("5.2.13", "Minimize the admission of containers which use HostPorts"),
        nsa("Network separation and hardening"),
    ],
    places: containersAt("ports[]"),
    judge: (port) => {
        const at = port.field("hostPort");
        return at.value === undefined || at.value === 0 ? undefined : { at, found: at.scalar, allowed: "unset" };
    },
});
