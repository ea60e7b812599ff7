import { join } from "node:path";

import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";

import * as library from "../../../components";

const directory = join(__dirname, "../../../components");
/** Exported classes are components, save the one error. */
const components = Object.entries(library).flatMap(([name, value]) =>
    typeof value === "function" && /^[A-Z]/.test(name) && name !== "InvalidConfiguration" ? [name] : [],
);

describe("the component library", () => {
    // What the inference rejects cannot be used from another language, nor by `pulumi package add`.
    it("lets Pulumi infer a schema for every component it exports", () => {
        const result = new Analyzer(directory, "mlp", {}, new Set(components)).analyze();
        expect(Object.keys(result.components).sort()).toEqual([...components].sort());
    });

    it("documents every argument of every component", () => {
        const { components: inferred } = new Analyzer(directory, "mlp", {}, new Set(components)).analyze();
        for (const [component, { inputs }] of Object.entries(inferred)) {
            const bare = Object.entries(inputs).filter(([, { description }]) => !description?.trim());
            expect([component, bare.map(([name]) => name)]).toEqual([component, []]);
        }
    });
});
