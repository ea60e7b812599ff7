import { generatedProvider, GeneratedKind } from "../../../../toolchain/providers/base/generated";
import { JsonObject, UNKNOWN } from "../../../../toolchain/providers/base/json";
import { NO_PROPERTIES, Properties } from "../../../../toolchain/providers/base/properties";

const kind: GeneratedKind = {
    required: ["length"],
    defaults: { special: true },
    computed: ["result"],
    secrets: ["result"],
    updatable: ["note"],
    validate: () => [],
    generate: () => ({ id: "id", outputs: { result: "made" } }),
    age: (outputs) => ({ ...outputs, readyForRenewal: outputs.old === true }),
};
const about = { name: "test", version: "1.0.0", description: "", cure: "install the official one" };
const provider = generatedProvider(about, { "test:index:Thing": kind });

const target = { urn: "urn", type: "test:index:Thing", name: "thing" };
const given = (value: JsonObject): Properties => ({ value, secrets: [] });
const diff = (before: JsonObject, after: JsonObject, outputs: JsonObject = {}) =>
    provider.diff({ ...target, id: "id", oldInputs: given(before), news: given(after), oldOutputs: given(outputs) });

describe("a generated resource", () => {
    it("is unknown in preview and secret in the state", async () => {
        const request = { ...target, inputs: given({ length: 4 }), timeoutSeconds: 0 };

        expect(await provider.create({ ...request, preview: true })).toEqual({
            id: "",
            outputs: { value: { length: 4, special: true, result: UNKNOWN }, secrets: [["result"]] },
        });
        expect(await provider.create({ ...request, preview: false })).toMatchObject({
            id: "id",
            outputs: { value: { result: "made" }, secrets: [["result"]] },
        });
    });

    it("is made anew when an input changes, keepers included", async () => {
        expect(await diff({ length: 4, keepers: { a: "1" } }, { length: 4, keepers: { a: "2" } })).toMatchObject({
            replaces: [{ path: ["keepers", "a"], change: "update" }],
        });
    });

    it("does not change when a default is written down", async () => {
        expect(await diff({ length: 4 }, { length: 4, special: true })).toMatchObject({
            differences: [],
            replaces: [],
        });
    });

    it("is updated where it can be", async () => {
        expect(await diff({ length: 4 }, { length: 4, note: "x" })).toMatchObject({
            differences: [{ path: ["note"] }],
            replaces: [],
        });
    });

    it("is made anew once it has aged, without any change of its inputs", async () => {
        expect(await diff({ length: 4 }, { length: 4 }, { old: true })).toMatchObject({
            replaces: [{ path: ["readyForRenewal"] }],
        });
    });

    it("names a missing input", async () => {
        const { failures } = await provider.check({
            ...target,
            olds: NO_PROPERTIES,
            news: given({}),
            randomSeed: new Uint8Array(),
        });

        expect(failures).toEqual([{ property: "length", reason: "is required" }]);
    });

    it("of a type that is not served is refused with the cure", () => {
        const check = () =>
            provider.check({
                ...target,
                type: "test:index:Other",
                olds: NO_PROPERTIES,
                news: given({}),
                randomSeed: new Uint8Array(),
            });

        expect(check).toThrow("the test stand-in does not serve the type test:index:Other: install the official one");
    });
});
