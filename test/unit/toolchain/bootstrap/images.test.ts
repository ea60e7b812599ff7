import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { remembered } from "../../../../toolchain/bootstrap/answers";
import { ToolchainError } from "../../../../toolchain/bootstrap/errors";
import { goVersion } from "../../../../toolchain/bootstrap/go-build";
import { binaryPath } from "../../../../toolchain/bootstrap/go-pieces";
import { builtEntry } from "../../../../toolchain/bootstrap/image-entries";
import { imagePiece } from "../../../../toolchain/bootstrap/image-pieces";
import { quietContext, useTemporaryCache } from "./temporary-cache";

useTemporaryCache();

const go = goVersion() ?? "";

function needs() {
    return {
        product: jest.fn(async () => {
            const path = binaryPath("pause", go);
            mkdirSync(dirname(path), { recursive: true });
            writeFileSync(path, "executable");
        }),
        image: jest.fn(() => Promise.reject(new Error("no image is needed"))),
        distributionPackages: jest.fn(() => Promise.reject(new Error("no package is needed"))),
    };
}

async function noRegistryAnswers(): Promise<void> {
    for (const host of ["registry.k8s.io", "docker.io"]) await remembered(`registry ${host}`, async () => false);
}

test("where no registry answers, the image is made once, after its executable, under its own reference", async () => {
    await noRegistryAnswers();
    const needed = needs();
    const piece = imagePiece("pause", needed);
    expect(await piece.inspect()).toMatchObject({ state: "missing" });

    const image = await piece.ensure(quietContext());
    expect(image).toMatchObject({ reference: "registry.k8s.io/pause:3.10.1" });
    expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(existsSync(image.archive)).toBe(true);
    expect(needed.product).toHaveBeenCalledWith("pause");

    expect(await piece.ensure(quietContext())).toEqual(image);
    expect(await piece.inspect()).toMatchObject({ state: "ready", origin: "built", location: image.archive });
});

test("an image without a recipe names the registry that does not answer", async () => {
    await noRegistryAnswers();
    const piece = imagePiece("torch-runtime-cuda", needs());
    const failing = piece.ensure(quietContext());
    await expect(failing).rejects.toThrow(ToolchainError);
    await expect(failing).rejects.toThrow("docker.io does not answer and no recipe makes it");
    expect(await piece.inspect()).toMatchObject({ cure: "a network that reaches docker.io" });
});

test("an image's key follows what it stands on", () => {
    const keys = [builtEntry("torch-runtime", go), builtEntry("plain-runtime", go), builtEntry("debian-trixie", go)];
    expect(new Set(keys.map((entry) => entry?.key)).size).toBe(3);
    expect(builtEntry("jobset", "go1.26.8")?.key).not.toBe(builtEntry("jobset", "go1.26.9")?.key);
    expect(builtEntry("torch-runtime-cuda", go)).toBeUndefined();
});
