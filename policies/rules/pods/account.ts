import { podSpecs } from "../../kubernetes/pods";
import { Property } from "../../property";
import { cis } from "../../references";
import { rule } from "../../rule";
import { isUnknownValue } from "../../unknown";

export const defaultAccount = rule({
    id: "pod-no-default-account",
    title: "Pods that use the API have a service account of their own",
    level: "mandatory",
    severity: "medium",
    why: "Rights given to the account `default` are rights of every pod of the namespace, present and future.",
    fix: "Name an account under `serviceAccountName`, or set `automountServiceAccountToken: false`.",
    references: [
        cis("5.1.5", "Ensure that default service accounts are not actively used"),
        cis("5.1.6", "Ensure that Service Account Tokens are only mounted where necessary"),
    ],
    places: (resource) =>
        podSpecs(resource).filter(({ spec, partial }) => partial || spec.find("containers[]").length > 0),
    judge: ({ spec, partial }) => {
        if (spec.field("automountServiceAccountToken").value === false) return undefined;
        const at = spec.field("serviceAccountName");
        const account = nameAt(at);
        const byDefault = account === "default" || (account === "" && !partial);
        return byDefault ? { at, found: at.scalar, allowed: "an account of its own" } : undefined;
    },
});

/** The account, or nothing where it is unset; one that is not known yet was made by the program. */
function nameAt(at: Property): string {
    try {
        return at.text ?? "";
    } catch (error) {
        if (isUnknownValue(error)) return "not known yet";
        throw error;
    }
}
