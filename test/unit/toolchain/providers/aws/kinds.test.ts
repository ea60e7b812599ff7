import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AWS_SCHEMA_FILE, generateAwsSchema } from "../../../../../toolchain/generate/aws";
import { repositoryRoot } from "../../../../../toolchain/paths";
import { unserved } from "../../../../../toolchain/providers/base/service";
import { AWS_KINDS } from "../../../../../toolchain/providers/aws/kinds";
import { AwsKind } from "../../../../../toolchain/providers/aws/kind";
import { AwsSimulator } from "../../../../../toolchain/providers/aws/provider";
import schema from "../../../../../toolchain/providers/aws/schema.generated.json";
import { SERVED_TYPES, ServedType } from "../../../../../toolchain/providers/aws/served-types";

const kinds = Object.entries(AWS_KINDS) as [ServedType, AwsKind][];
const types = schema.types as Record<string, { inputs: Record<string, string>; replaces: string[] }>;
const objects = schema.objects as Record<string, Record<string, string>>;

test("the generated schema is what the SDK's declarations and CloudFormation's schemas give", async () => {
    expect(await generateAwsSchema()).toBe(readFileSync(join(repositoryRoot, AWS_SCHEMA_FILE), "utf8"));
});

test("every served type has an entry that cites Terraform's source", () => {
    expect(kinds.map(([type]) => type).sort()).toEqual(Object.keys(SERVED_TYPES).sort());
    for (const [, kind] of kinds) expect(kind.source).toMatch(/^hashicorp\/terraform-provider-aws internal\/service\//);
});

test("what an entry says of a property is said of one that the type has", () => {
    for (const [type, { replaces = [], references = [], updatable = [], defaults = {}, named }] of kinds) {
        const names = [...replaces, ...references.map(({ path }) => path), ...Object.keys(defaults), ...updatable];
        const unknown = [...names, ...(named === undefined ? [] : [named])].filter((path) => !exists(type, path));
        expect({ type, unknown }).toEqual({ type, unknown: [] });
    }
});

/** Follows `vpcConfig.subnetIds` or `taints.*.effect` through the declared types. */
function exists(type: ServedType, path: string): boolean {
    let here: Record<string, string> | undefined = types[type]!.inputs;
    for (const step of path.split(".")) {
        if (step === "*") continue;
        const found: string | undefined = here?.[step];
        if (found === undefined) return false;
        here = objects[found.replace(/^(list:|map:)*object:/, "")];
    }
    return true;
}

test("an entry repeats nothing that CloudFormation says already, unless to take it back", () => {
    for (const [type, { updatable = [] }] of kinds) {
        expect({ type, updatable }).toEqual({
            type,
            updatable: updatable.filter((path) => types[type]!.replaces.includes(path)),
        });
    }
});

test("what is not served is refused as a simulator, with the way to the official plugin", () => {
    const simulator = new AwsSimulator();
    const check = () => simulator.invoke("aws:ec2/getAmi:getAmi", {});

    expect(check).toThrow(/^the aws simulator does not serve the function aws:ec2\/getAmi:getAmi: .*plugin install/);
    expect(unserved(simulator, "type aws:lambda/function:Function").message).toContain("the aws simulator");
});
