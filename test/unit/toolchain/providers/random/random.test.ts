import { compareSync } from "bcryptjs";
import * as fc from "fast-check";

import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { RANDOM_KINDS } from "../../../../../toolchain/providers/random/kinds";

const containing = (wanted: string): unknown => expect.stringContaining(wanted);

const kind = (name: string) => RANDOM_KINDS[`random:index/random${name}:Random${name}`]!;

async function make(name: string, inputs: JsonObject = {}) {
    const found = kind(name);
    const { id, outputs } = await found.generate({ ...found.defaults, ...inputs });
    return { id, outputs: outputs as Record<string, string> };
}

describe("random characters", () => {
    it("keep length and every minimum, and use nothing that was switched off", async () => {
        const minimum = fc.nat({ max: 5 });
        const wanted = fc.record({ minLower: minimum, minUpper: minimum, minNumeric: minimum, extra: minimum });
        await fc.assert(
            fc.asyncProperty(wanted, async ({ extra, ...minimums }) => {
                const length = minimums.minLower + minimums.minUpper + minimums.minNumeric + extra + 1;
                const { outputs } = await make("String", { ...minimums, length, special: false });
                const count = (pattern: RegExp) => (outputs.result!.match(pattern) ?? []).length;
                expect(outputs.result).toMatch(new RegExp(`^[a-zA-Z0-9]{${length}}$`));
                expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(minimums.minLower);
                expect(count(/[A-Z]/g)).toBeGreaterThanOrEqual(minimums.minUpper);
                expect(count(/\d/g)).toBeGreaterThanOrEqual(minimums.minNumeric);
            }),
        );
    });

    it("take special characters from those that are given", async () => {
        const { outputs } = await make("String", {
            length: 40,
            lower: false,
            upper: false,
            numeric: false,
            overrideSpecial: "_-",
        });

        expect(outputs.result).toMatch(/^[_-]{40}$/);
    });

    it("are refused when the minimums do not fit", () => {
        expect(kind("String").validate({ length: 3, minUpper: 2, minLower: 2 })).toEqual([
            { property: "length", reason: containing("sum of the minimums (4)") },
        ]);
    });

    it("are refused when nothing is left to choose from", () => {
        const nothing = { length: 3, lower: false, upper: false, numeric: false, special: false };

        expect(kind("Password").validate(nothing)).toEqual([
            { property: "special", reason: containing("must be true") },
        ]);
    });
});

describe("the other kinds", () => {
    it("give a password a hash that fits it, and keep both secret", async () => {
        const { id, outputs } = await make("Password", { length: 12 });

        expect(id).toBe("none");
        expect(compareSync(outputs.result!, outputs.bcryptHash!)).toBe(true);
        expect(kind("Password").secrets).toEqual(["result", "bcryptHash"]);
    });

    it("write one id in all its forms, each with the prefix", async () => {
        const { id, outputs } = await make("Id", { byteLength: 4, prefix: "p-" });
        const hex = Buffer.from(id, "base64url").toString("hex");

        expect(outputs).toMatchObject({ hex: `p-${hex}`, dec: `p-${parseInt(hex, 16)}`, b64Url: `p-${id}` });
    });

    it("make UUIDs of version 4", async () => {
        expect((await make("Uuid")).id).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
    });

    it("make pets of the wanted number of words", async () => {
        expect((await make("Pet", { length: 3, separator: "_" })).id).toMatch(/^[a-z]+_[a-z]+_[a-z]+$/);
    });

    it("keep integers between their bounds, both included", async () => {
        const results = await Promise.all(Array.from({ length: 50 }, () => make("Integer", { min: 1, max: 2 })));

        expect(new Set(results.map(({ outputs }) => Number(outputs.result)))).toEqual(new Set([1, 2]));
    });
});
