import { ofType } from "../../aws/resources";
import { awsDocs, securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const ADMIN = /^arn:aws[\w-]*:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

const attachments = ofType(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
);
const roles = ofType("aws:iam/role:Role");
const exclusive = ofType("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive");

export const iamAdministrators = rule({
    id: "iam-no-administrator",
    title: "No role of the platform administers the account",
    level: "mandatory",
    severity: "critical",
    why: "One such role makes every other rule of this page a matter of trust.",
    fix: "Attach a policy of your own that lists what is used.",
    references: [
        securityHub("IAM.1", 'IAM policies should not allow full "*" administrative privileges'),
        awsDocs("AWS managed policies for job functions", "IAM/latest/UserGuide/access_policies_job-functions.html"),
    ],
    places: (resource: Resource) => [
        ...attachments(resource).map(({ props }) => props.field("policyArn")),
        ...roles(resource).flatMap(({ props }) => props.find("managedPolicyArns[]")),
        ...exclusive(resource).flatMap(({ props }) => props.find("policyArns[]")),
    ],
    judge: (at) => {
        const { text } = at;
        return text !== undefined && ADMIN.test(text) ? { at, found: text, allowed: "any other policy" } : undefined;
    },
});
