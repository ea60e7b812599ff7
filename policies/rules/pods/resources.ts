import { containers } from "../../kubernetes/pods";
import { kubernetesDocs, nsa } from "../../references";
import { rule } from "../../rule";

const REQUIRED = ["requests.cpu", "requests.memory", "limits.memory"];

export const resources = rule({
    id: "pod-resources",
    title: "Containers request CPU and memory and limit their memory",
    level: "mandatory",
    severity: "medium",
    why: "Without requests the scheduler overfills nodes; without a memory limit one leak takes its neighbours along.",
    fix: "State what the container needs under `resources`.",
    references: [
        kubernetesDocs(
            "Resource Management for Pods and Containers",
            "concepts/configuration/manage-resources-containers/",
        ),
        nsa("Resource policies"),
    ],
    places: (resource) =>
        containers(resource)
            .filter(({ partial }) => !partial)
            .flatMap(({ resources }) => REQUIRED.flatMap((path) => resources.find(path))),
    judge: (at) => (at.exists ? undefined : { at, allowed: "a quantity such as 500m or 1Gi" }),
});
