import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { configurationPage } from "./configuration";

const FILE = join(__dirname, "../../../docs/configuration.md");

describe("docs/configuration.md", () => {
    it("is what the schema of stack files says (UPDATE=1 writes it)", () => {
        const fresh = configurationPage();
        if (process.env.UPDATE === "1") writeFileSync(FILE, fresh);
        expect(readFileSync(FILE, "utf8")).toBe(fresh);
        expect([...fresh.matchAll(/^\| `[\w.[\]]+` +\| +\|$/gm)]).toEqual([]);
    });
});
