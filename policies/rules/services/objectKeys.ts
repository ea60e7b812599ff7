import { objectsOfKind } from "../../kubernetes/objects";
import { containersAt } from "../../kubernetes/pods";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { Resource, rule } from "../../rule";

const KEY = "AWS_SECRET_ACCESS_KEY";
const secrets = objectsOfKind("core/Secret");
const variables = containersAt("env[]");

/** Where a Secret keeps such a key, and the variables that bring one to a process. */
function keys(resource: Resource): readonly Property[] {
    const kept = secrets(resource).flatMap(({ root }) => [root.field("data"), root.field("stringData")]);
    return [...kept.map((data) => data.field(KEY)), ...variables(resource)];
}

export const staticObjectKeys = rule({
    id: "no-static-object-keys",
    title: "Pods reach S3 by their identity, not by a key",
    level: "mandatory",
    severity: "high",
    why: "A key lives until somebody remembers it, and whoever reads the Secret may use it from anywhere.",
    fix: "Associate the service account with a role by EKS Pod Identity; keys are for the store of a local platform.",
    references: [awsDocs("EKS Pod Identity", "eks/latest/userguide/pod-identities.html")],
    places: keys,
    judge: (at, { environment }) => {
        if (environment === "local") return undefined;
        const isVariable = !at.path.endsWith(KEY);
        const found = isVariable ? at.field("name").text === KEY : at.exists;
        return found ? { at, found: KEY, allowed: "no such key" } : undefined;
    },
});
