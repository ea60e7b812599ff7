import { stacksOf } from "../../../cli/layers";

const names = (environment: string, layer?: "all" | "cluster" | "platform") =>
    stacksOf(environment, { ...(layer && { layer }), locked: false }).map(
        ({ stack, spec }) => `${stack}: ${spec.layer}`,
    );

describe("the stacks of an environment", () => {
    it("are the cluster's, and then the one that stands on it", () => {
        expect(names("prod")).toEqual(["prod-cluster: cluster", "prod: platform"]);
        expect(names("dev")).toEqual(["dev: all"]);
        expect(names("local")).toEqual(["local: all"]);
    });

    it("are one of them where a layer is named", () => {
        expect(names("prod", "cluster")).toEqual(["prod-cluster: cluster"]);
        expect(names("prod", "platform")).toEqual(["prod: platform"]);
    });

    it("give a single stack's cluster alone first, by configuration for that run", () => {
        const [only] = stacksOf("dev", { layer: "cluster", locked: false });
        expect(only).toMatchObject({ stack: "dev", spec: { layer: "cluster" } });
        expect(only!.overrides).toEqual([{ path: ["layer"], value: "cluster" }]);
        expect(() => names("dev", "platform")).toThrow(/Environment dev is one stack: leave --layer platform out/);
        expect(() => names("local", "cluster")).toThrow(/mlp:platform\.layer: "cluster" is not allowed/);
    });
});
