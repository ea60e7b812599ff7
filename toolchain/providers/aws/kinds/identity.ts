import { JsonObject, stringAt } from "../../base/json";
import { CheckFailure } from "../../base/provider";
import { arn, AwsKind, AwsKinds, text } from "../kind";

const IAM = "hashicorp/terraform-provider-aws internal/service/iam";
const KMS = "hashicorp/terraform-provider-aws internal/service/kms";

/** IAM knows no regions. */
const iamArn = (resource: string): string => arn("iam", "", resource);
const ofRole = { path: "role", to: ["aws:iam/role:Role"], blocks: true } as const;

const role: AwsKind = {
    source: `${IAM}/role.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    replaces: ["name", "namePrefix", "path"],
    computed: (made, id) => ({
        arn: iamArn(`role${text(made.inputs.path, "/")}${id}`),
        createDate: "2000-01-01T00:00:00Z",
        uniqueId: `AROA${made.hex(17).toUpperCase()}`,
    }),
    validate: (inputs) => policyFailures(inputs, "assumeRolePolicy"),
};

const rolePolicy: AwsKind = {
    source: `${IAM}/role_policy.go`,
    named: "name",
    id: ({ inputs }) => `${text(inputs.role)}:${text(inputs.name)}`,
    replaces: ["name", "namePrefix", "role"],
    references: [ofRole],
    validate: (inputs) => policyFailures(inputs, "policy"),
};

const rolePolicyAttachment: AwsKind = {
    source: `${IAM}/role_policy_attachment.go`,
    id: ({ inputs }) => `${text(inputs.role)}/${text(inputs.policyArn)}`,
    replaces: ["policyArn", "role"],
    references: [ofRole],
    // AWS's own policies are in every account.
    refusesCreate: ({ inputs }, store) => {
        const policy = text(inputs.policyArn);
        if (policy.startsWith("arn:aws:iam::aws:policy/")) return undefined;
        if (store.named("aws:iam/policy:Policy", policy) !== undefined) return undefined;
        return `NoSuchEntity: policy ${policy} does not exist`;
    },
};

const policy: AwsKind = {
    source: `${IAM}/policy.go`,
    named: "name",
    id: ({ inputs }) => iamArn(`policy${text(inputs.path, "/")}${text(inputs.name)}`),
    defaults: { path: "/" },
    replaces: ["description", "name", "namePrefix", "path"],
    computed: (made, id) => ({ arn: id, policyId: `ANPA${made.hex(17).toUpperCase()}` }),
    validate: (inputs) => policyFailures(inputs, "policy"),
    refusesDelete: ({ id }, store) => {
        const attachments = store.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
        const holding = attachments.filter(({ outputs }) => outputs.policyArn === id);
        if (holding.length === 0) return undefined;
        return `DeleteConflict: attached to ${holding.map(({ outputs }) => text(outputs.role)).join(", ")}`;
    },
};

const instanceProfile: AwsKind = {
    source: `${IAM}/instance_profile.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: { path: "/" },
    replaces: ["name", "namePrefix", "path"],
    computed: (made, id) => ({
        arn: iamArn(`instance-profile${text(made.inputs.path, "/")}${id}`),
        createDate: "2000-01-01T00:00:00Z",
        uniqueId: `AIPA${made.hex(17).toUpperCase()}`,
    }),
    references: [ofRole],
};

const openIdConnectProvider: AwsKind = {
    source: `${IAM}/openid_connect_provider.go`,
    id: ({ inputs }) => iamArn(`oidc-provider/${text(inputs.url).replace("https://", "")}`),
    replaces: ["url"],
    computed: (_, id) => ({ arn: id }),
};

/** A policy document must be JSON with statements; what it allows is judged elsewhere. */
export function policyFailures(inputs: JsonObject, property: string): CheckFailure[] {
    const document = stringAt(inputs, property);
    if (document === undefined) return [];
    try {
        const { Statement: statements } = JSON.parse(document) as { Statement?: unknown };
        if (statements !== undefined) return [];
    } catch {
        // Told below.
    }
    return [{ property, reason: "MalformedPolicyDocument: is no JSON document with a Statement" }];
}

const key: AwsKind = {
    source: `${KMS}/key.go`,
    id: (made) => {
        const digits = made.hex(32);
        return [8, 12, 16, 20, 32].map((end, index) => digits.slice([0, 8, 12, 16, 20][index], end)).join("-");
    },
    defaults: { customerMasterKeySpec: "SYMMETRIC_DEFAULT", isEnabled: true, keyUsage: "ENCRYPT_DECRYPT" },
    replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    computed: (made, id) => ({ arn: arn("kms", made.region, `key/${id}`), keyId: id }),
    validate: (inputs) => policyFailures(inputs, "policy"),
};

const ofKey = (path: string) => ({ path, to: ["aws:kms/key:Key"], blocks: false }) as const;

const alias: AwsKind = {
    source: `${KMS}/alias.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    replaces: ["name", "namePrefix"],
    computed: (made, id) => ({
        arn: arn("kms", made.region, id),
        targetKeyArn: arn("kms", made.region, `key/${text(made.inputs.targetKeyId)}`),
    }),
    references: [ofKey("targetKeyId")],
    validate: ({ name }) =>
        typeof name !== "string" || name.startsWith("alias/")
            ? []
            : [{ property: "name", reason: `${name} is not allowed: begins with alias/` }],
};

const grant: AwsKind = {
    source: `${KMS}/grant.go`,
    id: (made) => `${text(made.inputs.keyId)}:${made.hex(64)}`,
    replaces: [
        "constraints",
        "granteePrincipal",
        "grantCreationTokens",
        "keyId",
        "name",
        "operations",
        "retiringPrincipal",
    ],
    computed: (made) => ({ grantId: made.hex(64), grantToken: "simulated" }),
    references: [ofKey("keyId")],
};

export const IDENTITY: AwsKinds = {
    "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
    "aws:iam/policy:Policy": policy,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
    "aws:kms/alias:Alias": alias,
    "aws:kms/grant:Grant": grant,
    "aws:kms/key:Key": key,
};
