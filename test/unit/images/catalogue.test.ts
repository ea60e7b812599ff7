import { existsSync } from "node:fs";
import { join } from "node:path";

import { catalogue, CatalogueEntry, references } from "../../../images/catalogue";

describe("the image catalogue", () => {
    it.each(Object.entries(catalogue))("pins %s to a tag that is not latest", (_, entry: CatalogueEntry) => {
        expect(entry.tag).toMatch(/^[\w.-]+$/);
        expect(entry.tag).not.toBe("latest");
    });

    it("gives every image a reference of its own", () => {
        const all = Object.values(references());
        expect(new Set(all).size).toBe(all.length);
    });

    it("has a Containerfile for every image that is built from one", () => {
        for (const { recipe } of Object.values(catalogue)) {
            if (recipe.kind !== "containerfile") continue;
            expect(existsSync(join(__dirname, "../../../images", recipe.directory, "Containerfile"))).toBe(true);
        }
    });
});
