import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archiveLayout, storedName } from "../../../../toolchain/bootstrap/oci/image";
import { writeGoImage } from "../../../../toolchain/bootstrap/oci/go-image";
import { writeTar } from "../../../../toolchain/bootstrap/oci/tar";
import { useTemporaryCache } from "./temporary-cache";

const folder = useTemporaryCache();
const REFERENCE = "registry.example/manager:v1";

async function makeImage(name: string, content = "binary", modified = 1) {
    const work = join(folder(), name);
    mkdirSync(work);
    const binary = join(work, "manager");
    writeFileSync(binary, content);
    utimesSync(binary, modified, modified);
    const layout = join(work, "layout");
    await writeGoImage(work, layout, binary, "/usr/bin/manager", { user: 65532 });
    return archiveLayout(layout, REFERENCE, join(work, "image.tar"));
}

function tar(...args: string[]): string {
    const { status, stdout } = spawnSync("tar", args, { encoding: "utf8" });
    expect(status).toBe(0);
    return stdout;
}

test("the same binary gives the same image, whenever it was built", async () => {
    const one = await makeImage("one", "binary", 1);
    const two = await makeImage("two", "binary", 2);
    expect(two.digest).toBe(one.digest);
    expect(readFileSync(two.archive).equals(readFileSync(one.archive))).toBe(true);
});

test("another binary gives another digest", async () => {
    expect((await makeImage("one")).digest).not.toBe((await makeImage("two", "other")).digest);
});

test("the archive names its reference and the manifest's digest", async () => {
    const { archive, digest } = await makeImage("one");
    const index = JSON.parse(tar("-xOf", archive, "index.json")) as {
        manifests: [{ digest: string; annotations: object }];
    };
    expect(index.manifests[0].digest).toBe(digest);
    expect(index.manifests[0].annotations).toHaveProperty(["io.containerd.image.name"], REFERENCE);
});

test.each([
    ["registry.example:5000/a/b:v1", "registry.example:5000/a/b:v1"],
    ["registry.example:5000/a/b:v1@sha256:12", "registry.example:5000/a/b@sha256:12"],
    ["registry.example:5000/a/b@sha256:12", "registry.example:5000/a/b@sha256:12"],
])("a node looks %s up as %s", (reference, name) => {
    expect(storedName(reference)).toBe(name);
});

test("the image holds its binary, certificates, types of files, its user and a writable /tmp, and runs as that user", async () => {
    const { archive, digest } = await makeImage("one");
    const blob = (name: string) => `blobs/sha256/${name.replace("sha256:", "")}`;
    const read = <T>(name: string) => JSON.parse(tar("-xOf", archive, blob(name))) as T;
    const manifest = read<{ config: { digest: string }; layers: [{ digest: string }] }>(digest);
    const { config } = read<{ config: { User: string; Entrypoint: string[] } }>(manifest.config.digest);
    expect(config).toMatchObject({ User: "65532:65532", Entrypoint: ["/usr/bin/manager"] });

    tar("-xf", archive, "-C", folder(), blob(manifest.layers[0].digest));
    const layer = join(folder(), blob(manifest.layers[0].digest));
    const listed = tar("-tvf", layer);
    expect(listed).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/m);
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 .* usr\/bin\/manager$/m);
    expect(tar("-xOf", layer, "etc/passwd")).toContain("nonroot:x:65532:65532:");
    expect(tar("-xOf", layer, "etc/ssl/certs/ca-certificates.crt")).toContain("BEGIN CERTIFICATE");
    // As Go's package mime reads it: a type and the ends of names, no end twice.
    const types = tar("-xOf", layer, "etc/mime.types").trim().split("\n");
    expect(types).toContain("text/plain conf log txt");
    expect(types.filter((line) => !/^[a-z]+\/[a-z.-]+( [a-z]+)+$/.test(line))).toEqual([]);
    const ends = types.flatMap((line) => line.split(" ").slice(1));
    expect(new Set(ends).size).toBe(ends.length);
});

test("a name too long for a tar header is refused instead of cut", async () => {
    const long = { type: "directory", path: "x".repeat(101), mode: 0o755 } as const;
    await expect(writeTar(join(folder(), "t.tar"), [long])).rejects.toThrow("longer than the 100 bytes");
});
