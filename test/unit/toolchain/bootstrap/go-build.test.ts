import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../../../images/catalogue";
import { buildFlags, moduleKey, requiredVersion, type GoModule } from "../../../../toolchain/bootstrap/go-build";
import { productVersion } from "../../../../toolchain/bootstrap/go-pieces";
import { goProductNames, goProducts, productOf } from "../../../../toolchain/bootstrap/go-products";
import { platformPieces } from "../../../../toolchain/bootstrap";
import { useTemporaryCache } from "./temporary-cache";

const folder = useTemporaryCache();

function moduleWith(goMod: string, change: Partial<GoModule> = {}): GoModule {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "go.mod"), goMod);
    writeFileSync(join(folder(), "go.sum"), "");
    return { folder: folder(), tags: [], stamps: {}, ...change };
}

test("a module's key follows its build list, its flags and Go's version, and nothing else", () => {
    const key = moduleKey(moduleWith("module a"), "go1.26.8");
    expect(moduleKey(moduleWith("module a"), "go1.26.8")).toBe(key);
    const others = [
        moduleKey(moduleWith("module b"), "go1.26.8"),
        moduleKey(moduleWith("module a"), "go1.26.9"),
        moduleKey(moduleWith("module a", { tags: ["osusergo"] }), "go1.26.8"),
        moduleKey(moduleWith("module a", { stamps: { "p.v": "1" } }), "go1.26.8"),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
});

test("flags hold no path of this machine", () => {
    const flags = buildFlags({ folder: "/x", tags: ["a", "b"], stamps: { "p.v": "1" } });
    expect(flags).toEqual(["-trimpath", "-buildvcs=false", "-tags", "a,b", "-ldflags", "-s -w -X p.v=1"]);
});

test("versions are read from go.mod, in a block or on a line of its own", () => {
    const goMod = "require (\n\texample.org/a v1.2.3 // indirect\n)\n\nrequire example.org/b/v2 v2.0.0\n";
    expect(requiredVersion(goMod, "example.org/a")).toBe("1.2.3");
    expect(requiredVersion(goMod, "example.org/b/v2")).toBe("2.0.0");
    expect(() => requiredVersion(goMod, "example.org/c")).toThrow("does not require");
});

test("the committed build list holds every product, and each executable has one product", () => {
    expect(goProductNames.map((name) => productVersion(name))).not.toContain("");
    expect(productVersion("kubernetes")).toBe("1.36.3");
    const binaries = goProductNames.flatMap((name) => Object.keys(goProducts[name].packages));
    expect(binaries.sort()).toEqual(Object.keys(productOf).sort());
});

test("Argo's images have the version of its build list", () => {
    const tags = (["argo-executor", "argo-server", "argo-workflow-controller"] as const).map(
        (name) => catalogue[name].tag,
    );
    const versions = [productVersion("argo-workflows"), productVersion("argo-server")];
    expect(new Set([...tags, ...versions.map((version) => `v${version}`)]).size).toBe(1);
});

test("what only tests use is built from lists of its own, so that a change of it rebuilds nothing else", () => {
    const lists = goProductNames.map((name) => goProducts[name].list);
    expect(new Set(lists)).toEqual(new Set([undefined, "argo", "envoy-gateway", "kueue", "kwok", "karpenter-kwok"]));
    const apart = (["kwok", "karpenter-kwok"] as const).filter((name) => goProducts[name].list === name);
    expect(apart).toEqual(["kwok", "karpenter-kwok"]);
    expect(platformPieces.filter((piece) => apart.some((name) => name === piece))).toEqual([]);
    expect([productVersion("kwok"), productVersion("karpenter-kwok")]).toEqual(["0.8.0", "1.14.1"]);
});
