import * as pulumi from "@pulumi/pulumi";

import { ACCOUNT } from "./aws-names";
import { selfSigned } from "./certificates";

/** Real PEM: the API server reads it even in a dry run. */
const pair = selfSigned("127.0.0.1");

/** One resource as the program registered it. */
export interface Registered {
    readonly type: string;
    readonly name: string;
    /** Given to it by the mocks. */
    readonly id: string;
    readonly inputs: Record<string, unknown>;
    readonly provider: string;
    readonly custom: boolean;
}

export type Names = (type: string, name: string) => { readonly id: string; readonly [output: string]: unknown };

/**
 * Runs `program` against Pulumi's mocks and returns everything that it registered, in order. Call it once per test
 * file, before the program's modules are imported by it: mocks belong to the module registry.
 */
export async function record(
    program: () => unknown,
    preview = false,
    /** Outputs of other stacks by full name, for those that refer to them. */
    stacks: Readonly<Record<string, Record<string, unknown>>> = {},
    /** Id and other outputs of a resource, for those to whom their form matters. */
    namesOf: Names = (_, name) => ({ id: `${name}-id` }),
): Promise<Registered[]> {
    const registered: Registered[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, provider, custom }) => {
                const plain = withoutSecrets(inputs) as Record<string, unknown>;
                if (type === "pulumi:pulumi:StackReference") {
                    const outputs = stacks[String(plain.name)] ?? {};
                    return { id: name, state: { ...plain, outputs, secretOutputNames: [] } };
                }
                const { id, ...names } = namesOf(type, name);
                registered.push({
                    type,
                    name,
                    id,
                    inputs: plain,
                    provider: provider ?? "",
                    custom: custom ?? true,
                });
                return {
                    id,
                    state: {
                        ...(inputs as object),
                        ...invented(type, name, inputs as Record<string, unknown>),
                        ...names,
                    },
                };
            },
            call: ({ token, inputs }) => ({ ...(inputs as Record<string, unknown>), ...answered(token) }),
        },
        "mlp",
        "local",
        preview,
        "organization",
    );
    await program();
    await settle(() => registered.length);
    return registered;
}

/** Mocks see a secret as the engine would get it: in an envelope. */
function withoutSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutSecrets);
    if (typeof value !== "object" || value === null) return value;
    if (SECRET_SIGNATURE in value) return withoutSecrets((value as { value?: unknown }).value);
    // A resource given to a remote component whole: its type says enough.
    if ("__pulumiType" in value) return { resource: value.__pulumiType };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What the cluster or a provider would fill in. */
function invented(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
    if (type.startsWith("kubernetes:") && !type.includes("provider")) {
        const metadata = (inputs.metadata ?? {}) as Record<string, unknown>;
        return { metadata: { name: `${name}-auto`, ...metadata } };
    }
    if (type.startsWith("tls:")) return { privateKeyPem: pair.key, certPem: pair.cert, certRequestPem: "request" };
    if (type.startsWith("random:")) return { hex: "c0ffee00", result: `generated-${name}` };
    if (type.startsWith("aws:") || type.startsWith("eks:")) return inventedByAws(type, name, inputs);
    return {};
}

/** What AWS would answer to a question that changes nothing. */
function answered(token: string): Record<string, unknown> {
    return token === "aws:index/getCallerIdentity:getCallerIdentity" ? { accountId: ACCOUNT } : {};
}

function controlPlane(name: string, inputs: Record<string, unknown>): Record<string, unknown> {
    return {
        name: inputs.name,
        arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${name}`,
        endpoint: `https://${name}.eks.invalid`,
        certificateAuthority: { data: Buffer.from(pair.cert).toString("base64") },
        vpcConfig: { ...(inputs.vpcConfig as object | undefined), clusterSecurityGroupId: "sg-0123456789abcdef0" },
        identities: [{ oidcs: [{ issuer: `https://oidc.invalid/${name}` }] }],
    };
}

/** What AWS would fill in, as far as programs read it. */
function inventedByAws(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
    const [, service = ""] = /^aws:(\w+)\//.exec(type) ?? [];
    if (type === "eks:index:Cluster") return { eksCluster: controlPlane(name, inputs) };
    if (type === "aws:eks/cluster:Cluster") return controlPlane(name, inputs);
    return {
        arn: `arn:aws:${service}:eu-west-1:${ACCOUNT}:${name}`,
        keyId: `${name}-key-id`,
        url: `https://sqs.invalid/${name}`,
        latestVersion: 1,
        dnsName: `${name}.invalid`,
        address: `${name}.rds.invalid`,
        mountName: "mounted",
        domainValidationOptions: [
            {
                resourceRecordName: `_${name}.invalid.`,
                resourceRecordType: "CNAME",
                resourceRecordValue: "_x.invalid.",
            },
        ],
        name: inputs.name ?? `${name}-auto`,
    };
}

/** Registrations go on after the constructor returned: waits until none has come for a while. */
async function settle(count: () => number): Promise<void> {
    let last = -1;
    for (let quiet = 0; quiet < 3; quiet = count() === last ? quiet + 1 : 0) {
        last = count();
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
}
