import * as fc from "fast-check";

import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { covers, described, driftedInputs } from "../../../../../toolchain/providers/kubernetes/drift";
import { parseQuantity } from "../../../../../toolchain/providers/kubernetes/quantity";

const container = (image: string, more: JsonObject = {}): JsonObject => ({ name: "main", image, ...more });
const spec = (...containers: JsonObject[]): JsonObject => ({ spec: { containers } });

describe("driftedInputs", () => {
    it("takes over a declared value that was changed by hand", () => {
        const inputs = { spec: { replicas: 2 } };

        expect(driftedInputs(inputs, { spec: { replicas: 2 } }, { spec: { replicas: 5 } })).toEqual({
            spec: { replicas: 5 },
        });
    });

    it("drops a declared value that was removed by hand", () => {
        const before = { metadata: { labels: { a: "1", b: "2" } } };

        expect(driftedInputs(before, before, { metadata: { labels: { a: "1" } } })).toEqual({
            metadata: { labels: { a: "1" } },
        });
    });

    it("leaves alone what nobody declared", () => {
        const inputs = { metadata: { labels: { a: "1" } } };
        const now = { metadata: { labels: { a: "1", extra: "x" } }, status: { phase: "Active" } };

        expect(driftedInputs(inputs, inputs, now)).toEqual(inputs);
    });

    it("does not take the server's way to write a value for drift", () => {
        const inputs = spec(container("a", { resources: { limits: { cpu: "1000m", memory: "1024Mi" } } }));
        const live = spec(container("a", { resources: { limits: { cpu: "1", memory: "1Gi" } } }));

        expect(driftedInputs(inputs, live, live)).toEqual(inputs);
        expect(driftedInputs(inputs, {}, live)).toEqual(inputs);
    });

    it("does not take values that the server drops because they are empty for drift", () => {
        const inputs = { spec: { tolerations: [], nodeSelector: {} } };

        expect(driftedInputs(inputs, { spec: {} }, { spec: {} })).toEqual(inputs);
    });

    it("finds an element of a list wherever it stands now", () => {
        const inputs = spec(container("a"), { name: "side", image: "b" });
        const now = spec({ name: "injected", image: "z" }, { name: "side", image: "b" }, container("hacked"));

        expect(driftedInputs(inputs, inputs, now)).toEqual(spec(container("hacked"), { name: "side", image: "b" }));
    });

    it("drops an element that was removed by hand", () => {
        const inputs = spec(container("a"), { name: "side", image: "b" });

        expect(driftedInputs(inputs, inputs, spec(container("a")))).toEqual(spec(container("a")));
    });

    it("takes a list without keys as a whole", () => {
        const inputs = { args: ["a", "b"] };

        expect(driftedInputs(inputs, inputs, { args: ["a", "c"] })).toEqual({ args: ["a", "c"] });
    });

    it("finds no drift in any object that has not moved", () => {
        const json = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())));
        fc.assert(fc.property(json, (object) => expect(driftedInputs(object, object, object)).toEqual(object)));
    });
});

describe("described", () => {
    it("keeps the declared way to write what means the same, and shows what differs", () => {
        const declared = { limits: { cpu: "1000m" }, replicas: 3 };

        expect(described(declared, { limits: { cpu: "1" }, replicas: 1, extra: true })).toEqual({
            limits: { cpu: "1000m" },
            replicas: 1,
        });
    });

    it("does not speak of what is declared and not there", () => {
        expect(described({ a: 1, b: "x" }, { a: 1 })).toEqual({ a: 1 });
    });
});

describe("covers", () => {
    it("asks only for what is declared, in any order", () => {
        const live = {
            ports: [
                { port: 81, name: "b" },
                { port: 80, name: "a", protocol: "TCP" },
            ],
            type: "ClusterIP",
        };

        expect(covers(live, { ports: [{ port: 80, name: "a" }] }, [])).toBe(true);
        expect(covers(live, { ports: [{ port: 82 }] }, [])).toBe(false);
    });
});

describe("parseQuantity", () => {
    it.each([
        ["1000m", 1],
        ["1Gi", 2 ** 30],
        ["1024Mi", 2 ** 30],
        ["1k", 1000],
        ["1e3", 1000],
        ["0.5", 0.5],
        [2, 2],
    ])("reads %s as %d", (text, value) => {
        expect(parseQuantity(text)).toBeCloseTo(value);
    });

    it.each(["1X", "", "Gi", "1 Gi"])("does not take %j for a quantity", (text) => {
        expect(parseQuantity(text)).toBeUndefined();
    });
});
