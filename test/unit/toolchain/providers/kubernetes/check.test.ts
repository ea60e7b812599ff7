import { JsonObject, UNKNOWN } from "../../../../../toolchain/providers/base/json";
import { NO_PROPERTIES, Properties } from "../../../../../toolchain/providers/base/properties";
import { CheckRequest } from "../../../../../toolchain/providers/base/provider";
import { checkObject } from "../../../../../toolchain/providers/kubernetes/check";

const matching = (wanted: RegExp): unknown => expect.stringMatching(wanted);
const containing = (wanted: string): unknown => expect.stringContaining(wanted);

const request = (value: JsonObject, more: Partial<CheckRequest> = {}): CheckRequest => ({
    urn: "urn:pulumi:test::mlp::kubernetes:core/v1:ConfigMap::config",
    type: "kubernetes:core/v1:ConfigMap",
    name: "config",
    olds: NO_PROPERTIES,
    news: { value, secrets: [] },
    randomSeed: new Uint8Array([1, 2, 3]),
    ...more,
});

const secretType = { type: "kubernetes:core/v1:Secret", name: "credentials" };
const checked = (value: JsonObject, more: Partial<CheckRequest> = {}): Properties =>
    checkObject(request(value, more)).inputs;

describe("checkObject", () => {
    it("names an object after its resource and marks the name as made up", () => {
        expect(checked({}).value.metadata).toEqual({
            name: matching(/^config-[0-9a-f]{8}$/),
            annotations: { "pulumi.com/autonamed": "true" },
        });
    });

    it("makes the same name from the same seed, so that preview and update agree", () => {
        expect(checked({})).toEqual(checked({}));
    });

    it("keeps a name that it made up before", () => {
        const first = checked({});

        expect(checked({}, { olds: first, randomSeed: new Uint8Array([9]) })).toEqual(first);
    });

    it("follows the engine's own naming", () => {
        const named = checked({}, { autonaming: { proposedName: "given", mode: "propose" } });

        expect(named.value.metadata).toMatchObject({ name: "given" });
    });

    it("leaves a given name and a generateName alone", () => {
        expect(checked({ metadata: { name: "fixed" } }).value.metadata).toEqual({ name: "fixed" });
        expect(checked({ metadata: { generateName: "run-" } }).value.metadata).toEqual({ generateName: "run-" });
    });

    it("turns a Secret's text into data and makes all of it secret", () => {
        const { value, secrets } = checked(
            { metadata: { name: "s" }, stringData: { key: "text" }, data: { b: "eA==" } },
            secretType,
        );

        expect(value).toMatchObject({ data: { key: "dGV4dA==", b: "eA==" } });
        expect(value).not.toHaveProperty("stringData");
        expect(secrets).toEqual([["data"]]);
    });

    it("keeps unknown text unknown", () => {
        const { value } = checked({ metadata: { name: "s" }, stringData: { key: UNKNOWN } }, secretType);

        expect(value.data).toEqual({ key: UNKNOWN });
    });

    it("drops what stands for nothing", () => {
        expect(checked({ metadata: { name: "x" }, data: { a: "1", b: null } }).value.data).toEqual({ a: "1" });
    });

    it("refuses a list of objects and says what to do", () => {
        const { failures } = checkObject(request({ kind: "ConfigMapList", items: [] }));

        expect(failures).toEqual([{ property: "kind", reason: containing("one by one") }]);
    });

    it("wants the name of the object that a patch changes", () => {
        const { failures } = checkObject(request({}, { type: "kubernetes:core/v1:ConfigMapPatch" }));

        expect(failures).toEqual([{ property: "metadata.name", reason: containing("is required") }]);
    });
});
