import { differences, formatPath, isWithin } from "../../../../toolchain/providers/base/paths";

describe("formatPath", () => {
    it.each([
        [["spec", "ports", 0, "name"], "spec.ports[0].name"],
        [["metadata", "labels", "app.kubernetes.io/name"], 'metadata.labels["app.kubernetes.io/name"]'],
        [["data"], "data"],
    ])("writes %j the way the engine does", (path, text) => {
        expect(formatPath(path)).toBe(text);
    });
});

describe("differences", () => {
    it("goes as deep as both values have the same shape", () => {
        const before = { a: { b: 1, c: 2 }, list: [1, 2], gone: true };
        const after = { a: { b: 1, c: 3 }, list: [1, 2, 3], fresh: {} };

        expect(differences(before, after)).toEqual([
            { path: ["a", "c"], change: "update" },
            { path: ["list", 2], change: "add" },
            { path: ["gone"], change: "delete" },
            { path: ["fresh"], change: "add" },
        ]);
    });

    it("sees no difference in the order of keys", () => {
        expect(differences({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
    });
});

describe("isWithin", () => {
    it("takes * for any step", () => {
        expect(isWithin(["spec", "containers", 1, "image"], ["spec", "containers", "*"])).toBe(true);
        expect(isWithin(["spec"], ["spec", "containers"])).toBe(false);
    });
});
