import { ofType } from "../../aws/resources";
import { Property } from "../../property";
import { awsDocs, securityHub } from "../../references";
import { rule } from "../../rule";

const longLived = ofType(
    "aws:iam/accessKey:AccessKey",
    "aws:iam/user:User",
    "aws:iam/userLoginProfile:UserLoginProfile",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
);

export const iamLongLived = rule({
    id: "iam-no-long-lived-keys",
    title: "There are no IAM users and no access keys",
    level: "mandatory",
    severity: "critical",
    why: "A key that does not expire is found years later, in a log, an image or a state file such as Pulumi's.",
    fix: "Use roles: Pod Identity in the cluster, OIDC in CI, IAM Identity Center for people.",
    references: [
        securityHub("IAM.3", "IAM users' access keys should be rotated every 90 days or less"),
        awsDocs("Security best practices in IAM", "IAM/latest/UserGuide/best-practices.html"),
    ],
    places: longLived,
    judge: ({ type }) => ({ at: Property.root(undefined).field("type"), found: type, allowed: "no such resource" }),
});
