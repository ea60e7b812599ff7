import { permissionDocuments, Statement, statementsOf } from "../../aws/documents";
import { Property } from "../../property";
import { awsDocs, securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const LEAST_PRIVILEGE = awsDocs("Security best practices in IAM", "IAM/latest/UserGuide/best-practices.html");

// Read in the judgement: a document that is not known yet is undecided, not free of statements.
const documents = (resource: Resource) => permissionDocuments(resource);

const everything = ({ text }: Property) => text === "*" || text === "*:*";

export const iamWildcards = rule({
    id: "iam-no-star-star",
    title: "No policy allows everything on everything",
    level: "mandatory",
    severity: "critical",
    why: "Whoever takes over its holder has the account.",
    fix: "List the actions that are used, and the resources where the actions know any.",
    references: [
        securityHub("IAM.1", 'IAM policies should not allow full "*" administrative privileges'),
        LEAST_PRIVILEGE,
    ],
    places: documents,
    judge: (document) =>
        statementsOf(document, "Allow")
            .map(allowsEverything)
            .find((finding) => finding !== undefined),
});

function allowsEverything({ at, actions, resources }: Statement) {
    if (!resources.some(everything)) return undefined;
    // All actions but some are nearly all actions, tomorrow's included.
    const negated = at.field("NotAction");
    const action = negated.exists ? negated : actions.find(everything);
    return action && { at: action, found: action.scalar ?? "a list", allowed: "actions by name, with Resource *" };
}

export const iamPassRole = rule({
    id: "iam-pass-role-bounded",
    title: "Roles are passed on only by name, or only to a named service",
    level: "mandatory",
    severity: "critical",
    why: "Whoever may pass any role to any service becomes the strongest role of the account.",
    fix: "Name the roles under `Resource`, or add the condition `iam:PassedToService`.",
    references: [awsDocs("Grant a user permissions to pass a role", "IAM/latest/UserGuide/id_roles_use_passrole.html")],
    places: documents,
    judge: (document) => {
        const unbounded = statementsOf(document, "Allow").find(
            ({ actions, resources, condition }) =>
                actions.some(({ text }) => text !== undefined && /^iam:(PassRole|Pass\*|\*)$/i.test(text)) &&
                resources.some(everything) &&
                !condition.keys.some((operator) =>
                    condition.field(operator).keys.some((key) => /^iam:PassedToService$/i.test(key)),
                ),
        );
        if (unbounded === undefined) return undefined;
        return { at: unbounded.at.field("Resource"), found: "*", allowed: "ARNs of roles, or iam:PassedToService" };
    },
});
