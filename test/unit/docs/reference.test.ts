import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { componentReference } from "./reference";

const FILE = join(__dirname, "../../../docs/components.md");

describe("docs/components.md", () => {
    it("is what the components' JSDoc says (UPDATE=1 writes it)", () => {
        const fresh = componentReference();
        if (process.env.UPDATE === "1") writeFileSync(FILE, fresh);
        expect(readFileSync(FILE, "utf8")).toBe(fresh);
    });
});
