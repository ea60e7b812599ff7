import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { productEntry } from "../../../../toolchain/bootstrap/go-pieces";
import { patchedModule } from "../../../../toolchain/bootstrap/go-patch";
import type { GoModule } from "../../../../toolchain/bootstrap/go-build";
import { useTemporaryCache } from "./temporary-cache";

const folder = useTemporaryCache();
const dependency = "example.org/a";

function write(path: string, text: string): string {
    const file = join(folder(), path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
}

/** A build list and what Go has unpacked for it, read-only as there. */
function sources(): { module: GoModule; unpacked: string } {
    write("list/go.mod", `module list\n\nrequire ${dependency} v1.2.3\n`);
    write("list/go.sum", "sums");
    chmodSync(write("unpacked/pkg/a.go", "package pkg"), 0o444);
    return {
        module: { folder: join(folder(), "list"), tags: ["t"], stamps: {} },
        unpacked: join(folder(), "unpacked"),
    };
}

test("what a module lacks is laid over a copy of it, and the module stays as it is", () => {
    const { module, unpacked } = sources();
    const additions = [
        { source: write("ours/a_linux.go", "package pkg // ours"), target: "pkg/a_linux.go" },
        { source: join(write("assets/page/index.html", "<p>"), ".."), target: "ui/dist" },
    ];
    const patched = patchedModule(module, { dependency, unpacked, additions }, join(folder(), "work"));
    const text = (path: string) => readFileSync(join(patched.folder, "module", path), "utf8");
    expect([text("pkg/a.go"), text("pkg/a_linux.go"), text("ui/dist/index.html")]).toEqual([
        "package pkg",
        "package pkg // ours",
        "<p>",
    ]);
    expect(statSync(join(patched.folder, "module/pkg/a.go")).mode & 0o200).toBe(0o200);
    expect(() => statSync(join(unpacked, "pkg/a_linux.go"))).toThrow("ENOENT");
});

test("the build list of the copy differs in one line that holds no path of this machine", () => {
    const { module, unpacked } = sources();
    const patched = patchedModule(module, { dependency, unpacked, additions: [] }, join(folder(), "work"));
    const list = readFileSync(join(patched.folder, "go.mod"), "utf8");
    expect(list).toBe(`module list\n\nrequire ${dependency} v1.2.3\n\nreplace ${dependency} v1.2.3 => ./module\n`);
    expect(readFileSync(join(patched.folder, "go.sum"), "utf8")).toBe("sums");
    expect(patched).toMatchObject({ tags: ["t"], stamps: {} });
});

test("Argo's server has another key than its controller, and both follow Go's version", () => {
    const keys = (["argo-server", "argo-workflows"] as const).flatMap((product) =>
        ["go1.26.8", "go1.26.9"].map((version) => productEntry(product, version).key),
    );
    expect(new Set(keys).size).toBe(4);
});
