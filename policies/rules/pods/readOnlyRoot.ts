import { containers } from "../../kubernetes/pods";
import { nsa } from "../../references";
import { rule } from "../../rule";

export const readOnlyRoot = rule({
    id: "pod-read-only-root",
    title: "Containers cannot write to their own image",
    level: "advisory",
    severity: "low",
    why: "An intruder who cannot write to the image cannot leave tools there.",
    fix: "Set `readOnlyRootFilesystem: true` and mount an emptyDir where the program must write.",
    references: [nsa("Immutable container file systems")],
    places: containers,
    judge: ({ node, partial }) => {
        const at = node.field("securityContext").field("readOnlyRootFilesystem");
        if (at.value === true || (at.value === undefined && partial)) return undefined;
        return { at, found: at.scalar, allowed: "true" };
    },
});
