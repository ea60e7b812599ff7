import { podSpecs } from "../../kubernetes/pods";
import { cis, nsa, pss } from "../../references";
import { rule } from "../../rule";

export const hostPath = rule({
    id: "pod-no-host-path",
    title: "No pod mounts a path of its node",
    level: "mandatory",
    severity: "high",
    why: "A path of the node leads to its credentials, its sockets and the files of other pods.",
    fix: "Use a PersistentVolumeClaim or an emptyDir; a device plugin or storage driver needs a waiver.",
    references: [
        pss("Baseline", "HostPath Volumes"),
        cis("5.2.12", "Minimize the admission of HostPath volumes"),
        nsa("Pod security enforcement"),
    ],
    places: (resource) => podSpecs(resource).flatMap(({ spec }) => spec.find("volumes[]")),
    judge: (volume) => {
        const at = volume.field("hostPath");
        return at.exists ? { at, found: at.field("path").scalar ?? "a hostPath", allowed: "unset" } : undefined;
    },
});
