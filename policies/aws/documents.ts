import { Property } from "../property";
import { Resource } from "../rule";
import { ofType } from "./resources";

/** A statement of an IAM document that allows something. */
export interface Statement {
    readonly at: Property;
    readonly actions: readonly Property[];
    readonly resources: readonly Property[];
    /** `AWS`, `Service`, `Federated`, or everybody. */
    readonly principal: Property;
    readonly condition: Property;
}

/** Where each type keeps documents that say what its holder may do. */
const PERMISSIONS: Readonly<Record<string, string>> = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/role:Role": "inlinePolicies[].policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

/** The documents of a resource that say what its holder may do. */
export function permissionDocuments({ type, props }: Resource): readonly Property[] {
    const path = PERMISSIONS[type];
    return path === undefined ? [] : props.find(path);
}

/** The documents that say who may take a role. */
export function trustDocuments(resource: Resource): readonly Property[] {
    return ofType("aws:iam/role:Role")(resource).map(({ props }) => props.field("assumeRolePolicy"));
}

/** The document at a property: JSON text, as AWS keeps it, or the object that a program wrote. */
export function documentAt(at: Property): Property {
    return new Property(at.path, () => {
        const { value } = at;
        return typeof value === "string" ? parsed(value) : value;
    });
}

// What is no JSON is refused by AWS; a policy has nothing to say of it.
function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** The statements of a document with this effect. */
export function statementsOf(document: Property, effect: "Allow" | "Deny"): readonly Statement[] {
    return listed(documentAt(document).field("Statement"))
        .filter((at) => at.field("Effect").value === effect)
        .map((at) => ({
            at,
            actions: listed(at.field("Action")),
            resources: listed(at.field("Resource")),
            principal: at.field("Principal"),
            condition: at.field("Condition"),
        }));
}

/** IAM writes a list of one as the one. */
export function listed(at: Property): readonly Property[] {
    const { value } = at;
    if (value === undefined) return [];
    return Array.isArray(value) ? at.items : [at];
}

/** Whether a condition compares this key, in whichever operator, and with what. IAM's keys ignore case. */
export function comparedWith(condition: Property, operators: readonly string[], key: RegExp): readonly Property[] {
    return condition.keys
        .filter((operator) => operators.includes(operator))
        .map((operator) => condition.field(operator))
        .flatMap((comparison) => comparison.keys.filter((one) => key.test(one)).map((one) => comparison.field(one)))
        .flatMap(listed);
}
