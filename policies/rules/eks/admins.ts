import { ofType } from "../../aws/resources";
import { Property } from "../../property";
import { awsDocs, cisEks } from "../../references";
import { Context, Finding, Resource, rule } from "../../rule";
import { everywhere, listSetting } from "../../settings";

const ADMINS = listSetting(
    "principals",
    "ARNs of IAM roles that may administer the cluster, beside `admins` of the stack's configuration.",
    everywhere<readonly string[]>([]),
);

const ADMIN_POLICY = /:cluster-access-policy\/(AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)$/;

const associations = ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation");
const entries = ofType("aws:eks/accessEntry:AccessEntry");

interface Grant {
    readonly principal: Property;
    /** Whether it makes its principal an administrator of everything. */
    readonly isAdmin: () => boolean;
}

function grants(resource: Resource): readonly Grant[] {
    return [
        ...associations(resource).map(({ props }) => ({
            principal: props.field("principalArn"),
            isAdmin: () =>
                ADMIN_POLICY.test(props.field("policyArn").text ?? "") &&
                props.field("accessScope").field("type").value !== "namespace",
        })),
        ...entries(resource).map(({ props }) => ({
            principal: props.field("principalArn"),
            isAdmin: () => props.field("kubernetesGroups").items.some(({ value }) => value === "system:masters"),
        })),
    ];
}

export const eksAdmins = rule({
    id: "eks-listed-admins",
    title: "Only listed roles administer the whole cluster",
    level: "mandatory",
    severity: "critical",
    why: "One line in any program of the account would otherwise hand out every namespace and every secret.",
    fix: "Add the role to `admins` under `cluster` of `mlp:platform`, or grant less: a namespace, AmazonEKSEditPolicy.",
    references: [
        awsDocs("Review access policy permissions", "eks/latest/userguide/access-policy-permissions.html"),
        cisEks("4.1.1", "Ensure that the cluster-admin role is only used where required"),
    ],
    settings: [ADMINS],
    places: grants,
    judge: ({ principal, isAdmin }, context) => (isAdmin() ? unlisted(principal, context) : undefined),
});

function unlisted(principal: Property, { admins, value }: Context): Finding | undefined {
    const listed = [...admins, ...value(ADMINS)];
    return principal.text !== undefined && listed.includes(principal.text)
        ? undefined
        : { at: principal, found: principal.scalar, allowed: listed.join(", ") || "nobody: no role is listed" };
}
