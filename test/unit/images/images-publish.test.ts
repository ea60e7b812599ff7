import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";

import { catalogue, ImageName, referenceOf } from "../../../images/catalogue";
import { Interrupted, ToolchainError } from "../../../toolchain/bootstrap/errors";
import { readLockFile, writeLockFile } from "../../../toolchain/images/lock-file";
import type { MadeImage } from "../../../toolchain/images/make";
import { lockWith, publish, Published } from "../../../toolchain/images/publish";
import { RegistryError } from "../../../toolchain/images/refusals";
import type { Registry, RemoteImage } from "../../../toolchain/images/skopeo";
import { referenceIn, registryTarget } from "../../../toolchain/images/target";
import { silentProgress } from "../../../toolchain/progress";

const target = registryTarget("127.0.0.1:5000/mlp");
const names = ["trainer", "jobset", "pause"] as const satisfies readonly ImageName[];
const { signal } = new AbortController();

/** A registry in memory; `config` stands for an image's content. */
class MemoryRegistry implements Registry {
    readonly target = target;
    readonly held = new Map<string, RemoteImage>();
    readonly uploads: string[] = [];

    find(reference: string): Promise<RemoteImage | undefined> {
        return Promise.resolve(this.held.get(reference));
    }

    upload(archive: string, reference: string): Promise<void> {
        this.uploads.push(reference);
        this.held.set(reference, { config: archive, digest: `sha256:${archive}` });
        return Promise.resolve();
    }
}

const made = (content: string): MadeImage => ({
    archive: content,
    config: content,
    digest: "sha256:of-the-archive",
    bytes: 1,
    origin: "built",
    platform: "linux/amd64",
});

const publishAll = (registry: Registry, make: (name: ImageName) => Promise<MadeImage>): Promise<Published> =>
    publish({ registry, names, make, progress: silentProgress, signal });

const place = (name: ImageName): string => referenceIn(target, catalogue[name]);

describe("publishing images", () => {
    it("uploads each at most once and never changes what a tag means, whatever was there and whatever is made", async () => {
        const content = fc.constantFrom("a", "b");
        const contents = fc.record({ trainer: content, jobset: content, pause: content });
        await fc.assert(
            fc.asyncProperty(fc.subarray([...names]), contents, contents, async (there, before, now) => {
                const registry = new MemoryRegistry();
                for (const name of there) await registry.upload(before[name], place(name));
                const held = new Map(registry.held);
                registry.uploads.length = 0;
                const make = (name: ImageName) => Promise.resolve(made(now[name as (typeof names)[number]]));
                const { images, uploaded, problems } = await publishAll(registry, make);

                const taken = there.filter((name) => before[name] !== now[name]);
                expect(problems.map((problem) => problem.split(":3")[0]).length).toBe(taken.length);
                for (const name of taken) expect(problems.join("\n")).toContain(place(name));
                for (const [reference, image] of held) expect(registry.held.get(reference)).toEqual(image);
                expect(registry.uploads).toEqual(names.filter((name) => !there.includes(name)).map(place));
                expect(uploaded).toBe(registry.uploads.length);
                for (const name of names) {
                    const expected = taken.includes(name) ? undefined : registry.held.get(place(name))!.digest;
                    expect(images[name]?.digest).toBe(expected);
                }

                registry.uploads.length = 0;
                const again = await publishAll(registry, make);
                expect(registry.uploads).toEqual([]);
                expect(again.images).toEqual(images);
            }),
        );
    });

    it("writes down the registry's digest, not the archive's: the registry packs layers anew", async () => {
        const { images } = await publishAll(new MemoryRegistry(), () => Promise.resolve(made("x")));
        expect(images.trainer).toEqual({
            reference: place("trainer"),
            digest: "sha256:x",
            source: referenceOf(catalogue.trainer),
            platform: "linux/amd64",
            origin: "built",
        });
    });

    it("asks the registry before anything is made", async () => {
        const registry = new MemoryRegistry();
        registry.find = () => Promise.reject(new RegistryError("does not answer"));
        const make = jest.fn();
        await expect(publishAll(registry, make)).rejects.toThrow("does not answer");
        expect(make).not.toHaveBeenCalled();
    });

    it("goes on with the others when one cannot be made, and says so", async () => {
        const registry = new MemoryRegistry();
        const make = (name: ImageName) =>
            name === "jobset" ? Promise.reject(new ToolchainError("no recipe")) : Promise.resolve(made(name));
        const { images, problems } = await publishAll(registry, make);
        expect(Object.keys(images)).toEqual(["trainer", "pause"]);
        expect(problems).toEqual(["no recipe"]);
    });

    it.each([
        ["what the registry refuses altogether", new RegistryError("read-only")],
        ["an interruption", new Interrupted()],
        ["a mistake of ours", new TypeError("bug")],
    ])("ends at %s", async (_, failure) => {
        const registry = new MemoryRegistry();
        registry.upload = () => Promise.reject(failure);
        await expect(publishAll(registry, (name) => Promise.resolve(made(name)))).rejects.toThrow(failure);
    });

    it("ends at an interruption that a tool tells in words of its own", async () => {
        const stop = new AbortController();
        const make = (): Promise<MadeImage> => {
            stop.abort();
            return Promise.reject(new ToolchainError("Go is not on PATH"));
        };
        const registry = new MemoryRegistry();
        const published = publish({ registry, names, make, progress: silentProgress, signal: stop.signal });
        await expect(published).rejects.toThrow(Interrupted);
    });

    it("sees a push of somebody else that came between", async () => {
        const registry = new MemoryRegistry();
        registry.upload = (_, reference) => {
            registry.held.set(reference, { config: "theirs", digest: "sha256:theirs" });
            return Promise.resolve();
        };
        const { images, problems } = await publishAll(registry, (name) => Promise.resolve(made(name)));
        expect(images).toEqual({});
        expect(problems).toHaveLength(3);
        expect(problems[0]).toContain("another image under this tag (sha256:theirs)");
    });
});

describe("the lock after a push", () => {
    const old = { reference: "127.0.0.1:5000/mlp/x:1", digest: "sha256:old" };
    const images = { trainer: { reference: place("trainer"), digest: "sha256:new" } };

    it("keeps other images of the same registry, and forgets what the catalogue no longer has", () => {
        const before = { registry: target.name, images: { jobset: old, forgotten: old, trainer: old } };
        expect(lockWith(before, target.name, images)).toEqual({
            registry: target.name,
            images: { jobset: old, ...images },
        });
    });

    it("names one registry alone", () => {
        const before = { registry: "elsewhere.example.org", images: { jobset: old } };
        expect(lockWith(before, target.name, images)).toEqual({ registry: target.name, images });
    });
});

describe("the lock's file", () => {
    const folder = mkdtempSync(join(tmpdir(), "mlp-lock-"));
    const file = join(folder, "lock.json");
    afterAll(() => rmSync(folder, { recursive: true }));

    it("is empty before the first push, and written only when it changes", () => {
        expect(readLockFile(file)).toEqual({ images: {} });
        const lock = { registry: "r.example.org", images: {} };
        expect(writeLockFile(file, lock)).toBe(true);
        expect(writeLockFile(file, lock)).toBe(false);
        expect(readLockFile(file)).toEqual(lock);
        expect(readdirSync(folder)).toEqual(["lock.json"]);
    });

    it("is not overwritten when it is damaged", () => {
        writeFileSync(file, "<<<<<<<");
        expect(() => readLockFile(file)).toThrow(ToolchainError);
        expect(readFileSync(file, "utf8")).toBe("<<<<<<<");
    });
});
