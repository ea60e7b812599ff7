import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Conversion, Registration, toCloudFormation } from "../../support/cloudformation/convert";
import { WITHOUT_COUNTERPART } from "../../support/cloudformation/kinds";
import { PolicyDocument, unknownInPolicy } from "../../support/iam";
import { runPythonTool } from "../../support/python-tool";
import { registrationsOfStacks } from "./registrations";
import { CFN_LINT_WAIVERS, CHECKOV_WAIVERS, Waiver } from "./waivers";

/** Judged without an AWS account: by AWS's schemas and list of actions, by cfn-lint and by checkov. */
describe("every AWS resource of dev, staging and prod", () => {
    jest.setTimeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "mlp-cloudformation-"));
    let stacks: Record<string, Registration[]>;
    const conversions: Record<string, Conversion> = {};
    const used = new Set<Waiver>();
    beforeAll(async () => {
        stacks = await registrationsOfStacks();
        for (const [stack, registrations] of Object.entries(stacks)) {
            conversions[stack] = toCloudFormation(registrations);
            writeFileSync(fileOf(stack), JSON.stringify(conversions[stack].template, null, 2));
        }
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const fileOf = (stack: string) => join(folder, `${stack}.json`);
    const stackOf = (file: string) => /([\w-]+)\.json$/.exec(file)?.[1] ?? file;

    const nameOf = (stack: string, logicalId: string): string => {
        const resource = conversions[stack]?.template.Resources[logicalId];
        return resource === undefined ? logicalId : `${resource.Type} ${resource.Metadata.name}`;
    };

    const isOpen = (waivers: readonly Waiver[], rule: string, resource: string): boolean => {
        const waiver = waivers.find((one) => one.rule === rule && one.resource.test(resource));
        if (waiver !== undefined) used.add(waiver);
        return waiver === undefined;
    };

    it("covers all stacks of the three environments", () => {
        expect(Object.keys(stacks)).toEqual(["dev", "staging-cluster", "staging", "prod-cluster", "prod"]);
        for (const clusters of ["dev", "staging-cluster", "prod-cluster"]) {
            expect(stacks[clusters]!.map(({ type }) => type)).toEqual(
                expect.arrayContaining(["aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "aws:ec2/vpc:Vpc"]),
            );
        }
    });

    it("is what CloudFormation's schemas describe, none left out", () => {
        for (const [stack, { findings, converted }] of Object.entries(conversions)) {
            expect([stack, findings]).toEqual([stack, []]);
            const counted = stacks[stack]!.filter(({ type }) => WITHOUT_COUNTERPART[type] === undefined);
            expect([stack, converted]).toEqual([stack, counted.length]);
        }
    });

    it("names only IAM actions and condition keys that exist", async () => {
        let documents = 0;
        const unknown: string[] = [];
        for (const { type, name, inputs } of Object.values(stacks).flat()) {
            for (const property of ["policy", "assumeRolePolicy"]) {
                const text = inputs[property];
                if (typeof text !== "string" || !text.includes('"Statement"')) continue;
                documents += 1;
                const found = await unknownInPolicy(JSON.parse(text) as PolicyDocument);
                unknown.push(...found.map((what) => `${type} ${name}: ${what}`));
            }
        }
        expect(unknown).toEqual([]);
        expect(documents).toBeGreaterThan(30);
    });

    it("has no finding of cfn-lint without a written reason", () => {
        const files = Object.keys(stacks).map(fileOf);
        const output = runPythonTool("cfn-lint", ["--format", "json", "--regions", "eu-west-1", "--", ...files]);
        const findings = (JSON.parse(output || "[]") as LintFinding[]).map(({ Rule, Message, Filename, Location }) => {
            const [, logicalId = ""] = Location.Path ?? [];
            return { rule: Rule.Id, resource: nameOf(stackOf(Filename), String(logicalId)), Message };
        });
        const open = findings.filter(({ rule, resource }) => isOpen(CFN_LINT_WAIVERS, rule, resource));
        expect(open).toEqual([]);
    });

    it("has no failed check of checkov without a written reason", () => {
        const output = runPythonTool("checkov", [
            ...["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"],
            ...["--directory", folder],
        ]);
        const { results, summary } = JSON.parse(output) as CheckovReport;
        expect(summary.passed).toBeGreaterThan(100);
        expect(summary.parsing_errors).toBe(0);
        const failed = results.failed_checks.map(({ check_id: rule, check_name: name, resource, file_path: file }) => ({
            rule,
            name,
            resource: nameOf(stackOf(file), resource.split(".").at(-1) ?? resource),
        }));
        expect(failed.filter(({ rule, resource }) => isOpen(CHECKOV_WAIVERS, rule, resource))).toEqual([]);
    });

    it("needs every waiver, and each has a reason", () => {
        const all = [...CFN_LINT_WAIVERS, ...CHECKOV_WAIVERS];
        expect(all.filter((waiver) => !used.has(waiver))).toEqual([]);
        expect(all.filter(({ reason }) => reason.length < 20)).toEqual([]);
    });
});

interface LintFinding {
    readonly Rule: { readonly Id: string };
    readonly Message: string;
    readonly Filename: string;
    readonly Location: { readonly Path?: readonly (string | number)[] };
}

interface CheckovReport {
    readonly results: {
        readonly failed_checks: readonly {
            readonly check_id: string;
            readonly check_name: string;
            readonly resource: string;
            readonly file_path: string;
        }[];
    };
    readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
}
