import { podSpecs } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const hostNamespaces = rule({
    id: "pod-no-host-namespaces",
    title: "No pod shares the network, processes or IPC of its node",
    level: "mandatory",
    severity: "high",
    why: "Such a pod sees the node's traffic and processes, and network policies do not hold for it.",
    fix: "Remove `hostNetwork`, `hostPID` and `hostIPC`; publish ports through a Service.",
    references: [
        pss("Baseline", "Host Namespaces"),
        cis("5.2.3-5.2.5", "Minimize the admission of containers that share the host's namespaces"),
        nsa("Pod security enforcement"),
    ],
    places: (resource) =>
        podSpecs(resource).flatMap(({ spec }) => ["hostNetwork", "hostPID", "hostIPC"].map((name) => spec.field(name))),
    judge: (at) =>
        at.value === undefined || at.value === false ? undefined : { at, found: at.scalar, allowed: "false or unset" },
});
