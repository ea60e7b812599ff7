import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolchainError } from "../../../../toolchain/bootstrap/errors";
import type { PluginKind } from "../../../../toolchain/bootstrap/plugin-kinds";
import { pluginPiece } from "../../../../toolchain/bootstrap/plugins";
import { pulumiHome } from "../../../../toolchain/bootstrap/pulumi-home";
import { quietContext, useTemporaryCache } from "./temporary-cache";

const folder = useTemporaryCache();
const noCli = () => Promise.reject(new Error("the CLI is not needed here"));

beforeEach(() => (process.env["PULUMI_HOME"] = join(folder(), "users-pulumi")));
afterEach(() => delete process.env["PULUMI_HOME"]);

function kindWith(program: string): PluginKind {
    const source = join(folder(), "source");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "main.ts"), program);
    return {
        piece: "provider-random",
        title: "Pulumi random provider 1.0.0",
        version: "1.0.0",
        folder: "resource-random-v1.0.0",
        executable: "pulumi-resource-random",
        download: undefined,
        replacement: "stand-in",
        main: join(source, "main.ts"),
        sources: [source],
    };
}

const placed = (...below: string[]) => join(pulumiHome(), "plugins", "resource-random-v1.0.0", ...below);
const says = (executable: string) => spawnSync(executable, ["port"], { encoding: "utf8" }).stdout.trim();

function installOfficially(home: string): void {
    const target = join(home, "plugins", "resource-random-v1.0.0");
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "pulumi-resource-random"), "#!/bin/sh\necho official\n");
    chmodSync(join(target, "pulumi-resource-random"), 0o755);
}

test("without an official plugin the stand-in is bundled, runs, and is marked as such", async () => {
    const kind = kindWith("const n: number = 1; console.log('stand-in', process.argv[2]);");
    expect(await pluginPiece(kind, noCli).ensure(quietContext())).toBe("stand-in");
    expect(says(placed("pulumi-resource-random"))).toBe("stand-in port");
    expect(readFileSync(placed("STAND-IN.md"), "utf8")).toContain("not the official plugin");
    expect(await pluginPiece(kind, noCli).inspect()).toMatchObject({ state: "ready", origin: "stand-in" });
});

test("a stand-in is placed anew when its sources change, and only then", async () => {
    await pluginPiece(kindWith("console.log('one')"), noCli).ensure(quietContext());
    writeFileSync(placed("untouched"), "");
    await pluginPiece(kindWith("console.log('one')"), noCli).ensure(quietContext());
    expect(existsSync(placed("untouched"))).toBe(true);

    const changed = pluginPiece(kindWith("console.log('two')"), noCli);
    expect(await changed.inspect()).toMatchObject({ state: "missing" });
    await changed.ensure(quietContext());
    expect(says(placed("pulumi-resource-random"))).toBe("two");
    expect(existsSync(placed("untouched"))).toBe(false);
});

test("an official plugin that appears takes the stand-in's place", async () => {
    const piece = pluginPiece(kindWith("console.log('stand-in')"), noCli);
    await piece.ensure(quietContext());
    installOfficially(join(folder(), "users-pulumi"));
    expect(await piece.ensure(quietContext())).toBe("official");
    expect(says(placed("pulumi-resource-random"))).toBe("official");
    expect(existsSync(placed("STAND-IN.md"))).toBe(false);
    expect(await piece.inspect()).toMatchObject({ state: "ready", origin: "official" });
});

test("a stand-in that cannot be bundled is a user error with the compiler's message", async () => {
    const failing = pluginPiece(kindWith("import './missing'"), noCli).ensure(quietContext());
    await expect(failing).rejects.toThrow(ToolchainError);
    await expect(failing).rejects.toThrow("./missing");
    expect(existsSync(placed())).toBe(false);
});
