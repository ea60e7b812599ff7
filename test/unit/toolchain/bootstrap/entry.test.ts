import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    contentKey,
    ensureEntry,
    entryPath,
    filesBelow,
    hasEntry,
    type Entry,
} from "../../../../toolchain/bootstrap/entry";
import { cacheDir } from "../../../../toolchain/paths";
import { quietContext, recordingStep, useTemporaryCache } from "./temporary-cache";

const folder = useTemporaryCache();
const entry: Entry = { kind: "bin", name: "tool", key: "one" };

const build = (content: string) => async (target: string) => writeFileSync(join(target, "tool"), content);
const ensure = (wanted: Entry, content = "x") => ensureEntry(wanted, quietContext(), recordingStep(), build(content));

function runSlowEntry(count: string, seconds: string) {
    const script = join(__dirname, "fixtures", "slow-entry.ts");
    // Jest's environment is a copy, which children do not inherit by themselves.
    return spawn(process.execPath, ["--import", "tsx", script, count, seconds], { stdio: "inherit", env: process.env });
}

const ended = (child: ReturnType<typeof spawn>) => new Promise((resolve) => child.on("exit", resolve));

async function until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 400 && !condition(); i++) await sleep(50);
    expect(condition()).toBe(true);
}

test("an entry is built once and found afterwards", async () => {
    expect(await ensure(entry)).toBe(true);
    expect(await ensure(entry)).toBe(false);
    expect(readFileSync(join(entryPath(entry), "tool"), "utf8")).toBe("x");
});

test("a failed build leaves nothing and is tried again", async () => {
    const failing = ensureEntry(entry, quietContext(), recordingStep(), () => Promise.reject(new Error("no space")));
    await expect(failing).rejects.toThrow("no space");
    expect(readdirSync(cacheDir("bin", "tool"))).toEqual([]);
    expect(await ensure(entry)).toBe(true);
});

test("concurrent calls build once, and the one that waits says for whom", async () => {
    const step = recordingStep();
    let builds = 0;
    const slow = async () => {
        builds++;
        await sleep(300);
    };
    const made = await Promise.all([1, 2].map(() => ensureEntry(entry, quietContext(), step, slow)));
    expect([builds, made.sort()]).toEqual([1, [false, true]]);
    expect(step.reasons).toEqual([`process ${process.pid} is making it already, waiting for it`]);
});

test("two processes build once", async () => {
    const count = join(folder(), "count");
    const both = [1, 2].map(() => ended(runSlowEntry(count, "1")));
    expect(await Promise.all(both)).toEqual([0, 0]);
    expect(readFileSync(count, "utf8")).toBe("built\n");
}, 30_000);

test("a build killed in the middle leaves no running command, and the next start completes it", async () => {
    const count = join(folder(), "count");
    const seconds = `7${process.pid}`;
    const killed = runSlowEntry(count, seconds);
    const running = () => spawnSync("pgrep", ["-fx", `sleep ${seconds}`]).status === 0;
    await until(running);
    killed.kill("SIGKILL");
    await until(() => !running());
    expect(hasEntry({ ...entry, name: "slow", key: "k" })).toBe(false);

    expect(await ended(runSlowEntry(count, "0"))).toBe(0);
    expect(readFileSync(count, "utf8")).toBe("built\nbuilt\n");
    expect(readdirSync(cacheDir("bin", "slow"))).toEqual(["k"]);
    expect(readdirSync(cacheDir("bin", "slow", "k")).sort()).toEqual(["half", "whole"]);
}, 60_000);

test("the three keys used last are kept", async () => {
    for (const [index, key] of ["a", "b", "c"].entries()) {
        await ensure({ ...entry, key });
        utimesSync(entryPath({ ...entry, key }), index, index);
    }
    await ensure({ ...entry, key: "a" });
    await ensure({ ...entry, key: "d" });
    expect(readdirSync(cacheDir("bin", "tool")).sort()).toEqual(["a", "c", "d"]);
});

test("a key depends on every part and on where it ends", () => {
    expect(contentKey("ab", "c")).not.toBe(contentKey("a", "bc"));
    expect(contentKey("a", "b")).not.toBe(contentKey("b", "a"));
    expect(contentKey("a")).toBe(contentKey("a"));
});

test("a key sees names and contents of sources, and no installed package", () => {
    const sources = join(folder(), "sources");
    mkdirSync(join(sources, "node_modules", "x"), { recursive: true });
    writeFileSync(join(sources, "node_modules", "x", "index.js"), "");
    writeFileSync(join(sources, "main.ts"), "text");
    expect(filesBelow(sources)).toEqual(["/main.ts", "text"]);
    expect(existsSync(join(sources, "node_modules"))).toBe(true);
});
