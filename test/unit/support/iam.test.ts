import { PolicyDocument, Statement, unknownInPolicy } from "../../support/iam";

const policy = (statement: Partial<Statement>): PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [{ Sid: "One", Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", ...statement }],
});

it.each<[string, Partial<Statement>]>([
    ["an action", {}],
    ["a wildcard that stands for some", { Action: ["ec2:Describe*", "eks-auth:AssumeRoleForPodIdentity"] }],
    ["a global key", { Condition: { StringEquals: { "aws:RequestTag/team": "a", "aws:SourceAccount": "1" } } }],
    ["a key of the service with a tag", { Condition: { StringLikeIfExists: { "ec2:ResourceTag/team": "a" } } }],
])("knows %s", async (_, statement) => {
    expect(await unknownInPolicy(policy(statement))).toEqual([]);
});

it.each<[string, Partial<Statement>, string]>([
    ["an action that does not exist", { Action: "ec2:CreateTag" }, "One: no action is called ec2:CreateTag"],
    ["a service that does not exist", { Action: "ecc:CreateTags" }, "One: no action is called ecc:CreateTags"],
    [
        "an operator",
        { Condition: { StringIs: { "aws:SourceArn": "a" } } },
        "One: no condition operator is called StringIs",
    ],
    [
        "a key of another service",
        { Condition: { StringEquals: { "s3:prefix": "a" } } },
        "One: none of its actions has the condition key s3:prefix",
    ],
    ["an effect", { Effect: "allow" }, "One: effect allow"],
])("finds %s", async (_, statement, finding) => {
    expect(await unknownInPolicy(policy(statement))).toEqual([finding]);
});

it("finds an old version of the language", async () => {
    expect(await unknownInPolicy({ ...policy({}), Version: "2008-10-17" })).toHaveLength(1);
});
