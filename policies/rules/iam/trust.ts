import { comparedWith, listed, Statement, statementsOf, trustDocuments } from "../../aws/documents";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { Finding, rule } from "../../rule";

const EXACT = ["StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringEquals"];

export const iamTrustEveryone = rule({
    id: "iam-trust-named",
    title: "Roles name who may take them",
    level: "mandatory",
    severity: "critical",
    why: "A trust in everybody, or in every AWS account, is open to the world.",
    fix: "Name the service, the OIDC provider, or the ARN of a role.",
    references: [
        awsDocs(
            "AWS JSON policy elements: Principal",
            "IAM/latest/UserGuide/reference_policies_elements_principal.html",
        ),
    ],
    places: trustDocuments,
    judge: (document) => {
        const everybody = statementsOf(document, "Allow")
            .flatMap(({ at, principal }) => [
                principal,
                ...listed(principal.field("AWS")),
                ...(at.field("NotPrincipal").exists ? [at.field("NotPrincipal")] : []),
            ])
            .find((one) => one.value === "*" || one.path.endsWith("NotPrincipal"));
        return everybody && { at: everybody, found: everybody.scalar ?? "set", allowed: "principals by name" };
    },
});

export const iamOidcTrust = rule({
    id: "iam-oidc-trust",
    title: "Roles for OIDC tokens compare subject and audience exactly",
    level: "mandatory",
    severity: "critical",
    why: "Without `sub` every repository of the provider, or every pod of the cluster, can take the role.",
    fix: "Add StringEquals on `<provider>:sub` and `<provider>:aud`, without wildcards.",
    references: [
        awsDocs(
            "Create a role for OpenID Connect federation",
            "IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
        ),
    ],
    places: trustDocuments,
    judge: (document) =>
        statementsOf(document, "Allow")
            .filter(({ actions }) => actions.some(({ text }) => text === "sts:AssumeRoleWithWebIdentity"))
            .map(inexact)
            .find((finding) => finding !== undefined),
});

function inexact({ condition }: Statement): Finding | undefined {
    for (const claim of ["sub", "aud"]) {
        const values = comparedWith(condition, EXACT, new RegExp(`:${claim}$`));
        const wild = values.find(({ text }) => text !== undefined && /[*?]/.test(text));
        if (wild !== undefined) return { at: wild, found: wild.scalar, allowed: "no wildcard" };
        if (values.length === 0) return { at: condition, allowed: `StringEquals on the provider's ${claim}` };
    }
    return undefined;
}

const POD_IDENTITY = "pods.eks.amazonaws.com";
const POD_IDENTITY_ACTIONS = ["sts:AssumeRole", "sts:TagSession"];

export const iamPodIdentityTrust = rule({
    id: "iam-pod-identity-trust",
    title: "Roles for pods trust EKS Pod Identity with its two actions and nobody beside it",
    level: "mandatory",
    severity: "high",
    why: "A second principal in the statement takes a pod's role without being that pod.",
    fix: `Give the service ${POD_IDENTITY} a statement of its own with ${POD_IDENTITY_ACTIONS.join(" and ")}.`,
    references: [
        awsDocs(
            "Create IAM role with trust policy required by EKS Pod Identity",
            "eks/latest/userguide/pod-id-role.html",
        ),
    ],
    places: trustDocuments,
    judge: (document) =>
        statementsOf(document, "Allow")
            .filter(({ principal }) => listed(principal.field("Service")).some(({ value }) => value === POD_IDENTITY))
            .map(unbounded)
            .find((finding) => finding !== undefined),
});

function unbounded({ principal, actions, at }: Statement): Finding | undefined {
    const other = [
        ...listed(principal.field("Service")).filter(({ value }) => value !== POD_IDENTITY),
        ...principal.keys.filter((kind) => kind !== "Service").map((kind) => principal.field(kind)),
    ][0];
    if (other !== undefined) return { at: other, found: other.scalar ?? "set", allowed: `${POD_IDENTITY} alone` };
    const allowed = POD_IDENTITY_ACTIONS.join(" and ");
    const wrong = actions.find(({ text }) => !POD_IDENTITY_ACTIONS.some((one) => one === text));
    if (wrong !== undefined) return { at: wrong, found: wrong.scalar, allowed };
    const complete = POD_IDENTITY_ACTIONS.every((one) => actions.some((action: Property) => action.text === one));
    return complete ? undefined : { at: at.field("Action"), allowed };
}
