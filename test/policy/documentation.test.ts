import { existsSync, readFileSync } from "node:fs";

import { DOCUMENT, DOCUMENTED_RULES, renewed } from "../../policies/documentation";
import { docsLink } from "../../policies/rule";
import { RULES } from "../../policies/rules";

const page = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8") : "";

describe("docs/policies.md", () => {
    it("is in step with the rules (else: npm run generate -w policies)", () => {
        expect(page).toBe(renewed(page, DOCUMENTED_RULES));
    });

    it.each(DOCUMENTED_RULES.map(({ id }) => id))("has the section that messages of %s link to", (id) => {
        expect(docsLink(id)).toBe(`docs/policies.md#${id}`);
        expect(page).toContain(`\n### ${id}\n`);
    });

    it("refuses a page without its markers", () => {
        expect(() => renewed("# Policies", RULES)).toThrow(/lacks its markers/);
    });
});

describe("the facts of the rules", () => {
    it.each(RULES.map((rule) => [rule.id, rule] as const))("of %s are complete", (id, rule) => {
        expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
        expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
        expect(rule.why).toMatch(/^[A-Z`].*\.$/);
        expect(rule.fix).toMatch(/^[A-Z].*\.$/);
        for (const { url } of rule.references) expect(url).toMatch(/^https:\/\//);
    });

    it("have unique ids", () => {
        const ids = DOCUMENTED_RULES.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
    });
});
