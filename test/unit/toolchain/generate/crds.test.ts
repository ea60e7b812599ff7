import { readFileSync } from "node:fs";
import { join } from "node:path";

import { adaptArgoCrd, tightenArgoSchema } from "../../../../toolchain/generate/argo-crds";
import { CRD_TARGETS, generateCrds, withoutDescriptions } from "../../../../toolchain/generate/crds";

const shipped = CRD_TARGETS.flatMap((target) => (target.kind === "shipped" ? [target] : []));

describe("CustomResourceDefinitions read from a Go module", () => {
    it("lose their texts, but not a property that is called description", () => {
        const schema = {
            description: "A text.",
            properties: {
                description: { type: "string", description: "Another." },
                names: [{ description: "x", a: 1 }],
            },
        };
        expect(withoutDescriptions(schema)).toEqual({
            properties: { description: { type: "string" }, names: [{ a: 1 }] },
        });
    });

    it("are refused when the module is not the one whose checksum is written down", () => {
        for (const target of shipped) {
            const other = { ...target, module: { ...target.module, sum: "h1:another" } };
            expect(() => generateCrds("unused", "unused", other)).toThrow(/has the checksum h1:.*, not h1:another/);
        }
    });

    it("are the kinds of Karpenter for AWS", () => {
        const [target] = shipped;
        const { crds } = JSON.parse(generateCrds("unused", "unused", target!)) as {
            crds: { metadata: { name: string } }[];
        };
        expect(crds.map(({ metadata }) => metadata.name)).toEqual([
            "ec2nodeclasses.karpenter.k8s.aws",
            "nodeclaims.karpenter.sh",
            "nodepools.karpenter.sh",
        ]);
    });
});

describe("Argo's CustomResourceDefinitions", () => {
    const open = { "x-kubernetes-preserve-unknown-fields": true };

    it("ask for the outermost type where the publisher's take anything", () => {
        const properties = { inline: open, withItems: open, plugin: { type: "object", ...open }, other: open };
        expect(tightenArgoSchema({ items: { properties } })).toEqual({
            items: {
                properties: {
                    inline: { type: "object", ...open },
                    withItems: { type: "array", items: open },
                    plugin: { type: "object", minProperties: 1, maxProperties: 1, ...open },
                    other: open,
                },
            },
        });
    });

    it("keep the types of a plugin that has some", () => {
        const schema = { properties: { plugin: { type: "object", properties: { name: { type: "string" } } } } };
        expect(tightenArgoSchema(schema)).toEqual(schema);
    });

    it("lose from the defaults of templates, and from nothing else, what makes a template one of a kind", () => {
        const template = () => ({
            type: "object",
            properties: { dag: { type: "object" }, timeout: { type: "string" } },
        });
        const { properties } = tightenArgoSchema({
            properties: { templateDefaults: template(), templates: { items: template() } },
        });
        expect(properties.templateDefaults.properties).toEqual({ timeout: { type: "string" } });
        expect(properties.templates.items).toEqual(template());
    });

    it("keep no types of what the controller writes for itself", () => {
        const crd = (name: string) => ({
            metadata: { name },
            spec: { versions: [{ schema: { properties: { spec: { type: "object", properties: { a: {} } } } } }] },
        });
        const specOf = (name: string) => adaptArgoCrd(crd(name)).spec.versions[0]!.schema.properties.spec;
        expect(specOf("workflowtasksets.argoproj.io")).toEqual({ type: "object", ...open });
        expect(specOf("workflows.argoproj.io")).toEqual({ type: "object", properties: { a: {} } });
    });

    it("stay small enough for a stack's state", () => {
        const file = join(__dirname, "../../../../components/pipelines/crds.json");
        const { crds } = JSON.parse(readFileSync(file, "utf8")) as { crds: { metadata: { name: string } }[] };
        expect(crds).toHaveLength(7);
        const users = crds.filter(({ metadata }) => /^(cron)?workflows|workflowtemplates/.test(metadata.name));
        expect(users).toHaveLength(3);
        expect(JSON.stringify(crds).length).toBeLessThan(950_000);
    });
});
