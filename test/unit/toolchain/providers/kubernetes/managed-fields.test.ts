import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { adoptedFields, isManagedBy, within } from "../../../../../toolchain/providers/kubernetes/managed-fields";

const US = "pulumi-kubernetes-12345678";
const entry = (manager: string, operation: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject => ({
    manager,
    operation,
    fieldsV1,
    apiVersion: "v1",
    ...more,
});
const live = (...managedFields: JsonObject[]): JsonObject => ({ metadata: { managedFields } });

describe("within", () => {
    it("keeps the fields that were declared and gives up the defaults", () => {
        const fields = { "f:spec": { "f:replicas": {}, "f:strategy": { "f:type": {} } } };

        expect(within(fields, { spec: { replicas: 1 } })).toEqual({ "f:spec": { "f:replicas": {} } });
    });

    it("finds elements of lists by their keys, a default key included", () => {
        const fields = {
            "f:ports": {
                'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} },
                'k:{"port":81,"protocol":"TCP"}': {},
            },
        };

        expect(within(fields, { ports: [{ port: 80 }] })).toEqual({
            "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
        });
    });

    it("finds members of sets by value", () => {
        expect(within({ "f:finalizers": { 'v:"a"': {}, 'v:"b"': {} } }, { finalizers: ["a"] })).toEqual({
            "f:finalizers": { 'v:"a"': {} },
        });
    });
});

describe("adoptedFields", () => {
    it("makes the ownership of creation one of applying, as far as it was declared", () => {
        const object = live(
            entry(US, "Update", { "f:data": { "f:a": {}, "f:default": {} } }),
            entry("other", "Update", {}),
        );

        expect(adoptedFields(object, US, { data: { a: "1" } })).toEqual([
            entry("other", "Update", {}),
            entry(US, "Apply", { "f:data": { "f:a": {} } }),
        ]);
    });

    it("joins it with what was applied before", () => {
        const object = live(
            entry(US, "Apply", { "f:data": { "f:b": {} } }),
            entry(US, "Update", { "f:data": { "f:a": {} } }),
        );

        expect(adoptedFields(object, US, { data: { a: "1" } })).toEqual([
            entry(US, "Apply", { "f:data": { "f:b": {}, "f:a": {} } }),
        ]);
    });

    it("has nothing to do once everything is applied", () => {
        expect(adoptedFields(live(entry(US, "Apply", {})), US, {})).toBeUndefined();
    });
});

describe("isManagedBy", () => {
    it("recognises what this very resource made", () => {
        expect(isManagedBy(live(entry(US, "Update", {})), US)).toBe(true);
        expect(isManagedBy(live(entry("pulumi-kubernetes-87654321", "Update", {})), US)).toBe(false);
    });
});
