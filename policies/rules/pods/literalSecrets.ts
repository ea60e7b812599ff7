import { containersAt } from "../../kubernetes/pods";
import { Property } from "../../property";
import { cis, nsa } from "../../references";
import { rule } from "../../rule";
import { isUnknownValue } from "../../unknown";

const SECRET_NAME = /(password|passwd|secret|token|credential|api_?key|access_?key|private_?key)/i;
/** Names that speak of a secret but hold where it is, what it is called or how long it lives. */
const ABOUT_A_SECRET = /_(file|path|dir|name|ref|url|uri|endpoint|ttl|seconds|audience|issuer)$/i;

const SECRET_VALUES = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
    /\bgh[pousr]_[A-Za-z0-9]{36,}/,
    /:\/\/[^\s/:@$]+:[^\s/@$]+@/,
];

export const literalSecrets = rule({
    id: "pod-no-literal-secrets",
    title: "Environment variables hold no literal secrets",
    level: "mandatory",
    severity: "high",
    why: "A literal stands readable in the object, in `kubectl describe`, in rendered files and in backups.",
    fix: "Put the value into a Secret and name it with `valueFrom.secretKeyRef`.",
    references: [cis("5.4.1", "Prefer using Secrets as files over Secrets as environment variables"), nsa("Secrets")],
    places: containersAt("env[]"),
    judge: (variable) => {
        const name = variable.field("name").text ?? "";
        const at = variable.field("value");
        const byName = SECRET_NAME.test(name) && !ABOUT_A_SECRET.test(name);
        return holdsSecret(at, byName)
            ? { at, found: "a literal value", allowed: "a reference to a Secret" }
            : undefined;
    },
});

// A value not known yet is still a literal: under a secret's name it is refused at once, under any other it is judged
// by its looks when the update knows it, since half of all previews have such values.
function holdsSecret(at: Property, byName: boolean): boolean {
    let value: string | undefined;
    try {
        value = at.text;
    } catch (error) {
        if (isUnknownValue(error)) return byName;
        throw error;
    }
    if (value === undefined || value === "" || /^\$\([A-Za-z_]\w*\)$/.test(value)) return false;
    return byName || SECRET_VALUES.some((pattern) => pattern.test(value));
}
