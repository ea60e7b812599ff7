import { distributionPiece, type Host } from "../../../../toolchain/bootstrap/distribution";
import { ToolchainError } from "../../../../toolchain/bootstrap/errors";
import { DISTRIBUTION_PACKAGES, hasPackage } from "../../../../toolchain/distribution-packages";
import { quietContext, useTemporaryCache } from "./temporary-cache";

useTemporaryCache();

const host = (change: Partial<Host>): Host => ({ has: () => true, isRoot: () => true, hasApt: () => true, ...change });
const lacks = (...names: string[]): Pick<Host, "has"> => ({ has: ({ name }) => !names.includes(name) });

test("every program that the cluster runs comes with a package that the bootstrap installs", () => {
    const programs = DISTRIBUTION_PACKAGES.filter(({ forCluster }) => forCluster).flatMap(
        ({ commands = [] }) => commands,
    );
    expect(programs).toEqual(expect.arrayContaining(["containerd", "ctr", "flock", "openssl", "runc", "setpriv"]));
});

test("a package is there when all its commands are, or one of its files", () => {
    const needed = { name: "x", forCluster: true };
    expect(hasPackage({ ...needed, commands: ["sh", "no-such-command-here"] })).toBe(false);
    expect(hasPackage({ ...needed, commands: ["sh"] })).toBe(true);
    expect(hasPackage({ ...needed, files: ["/no/such/file", "/bin/sh"] })).toBe(true);
    expect(hasPackage({ ...needed, files: ["/no/such/file"] })).toBe(false);
});

test("nothing is done where nothing is missing, root or not", async () => {
    await expect(distributionPiece(host({ isRoot: () => false })).ensure(quietContext())).resolves.toBeUndefined();
});

test("without root the exact command is printed", async () => {
    const piece = distributionPiece(host({ ...lacks("runc", "buildah"), isRoot: () => false }));
    const failing = piece.ensure(quietContext());
    await expect(failing).rejects.toThrow(ToolchainError);
    await expect(failing).rejects.toThrow(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends runc buildah",
    );
});

test("without apt the packages are named", async () => {
    const piece = distributionPiece(host({ ...lacks("conntrack"), hasApt: () => false }));
    await expect(piece.ensure(quietContext())).rejects.toThrow("package manager, for: conntrack");
});

test("doctor names what is missing and the cure", async () => {
    const status = await distributionPiece(host({ ...lacks("nftables"), isRoot: () => false })).inspect();
    expect(status).toMatchObject({ state: "missing", cause: "not installed: nftables" });
    expect(status).toHaveProperty("cure", expect.stringContaining("sudo apt-get install"));
});
