import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { repositoryRoot } from "../paths";
import { contentKey, filesBelow } from "./entry";
import { ToolchainError } from "./errors";
import type { PluginKind } from "./plugin-kinds";

const MARKER = "STAND-IN.md";
const KEY_FILE = ".content-key";

/** Whether a plugin's folder holds something of ours instead of the official plugin. */
export function isStandIn(folder: string): boolean {
    return existsSync(join(folder, MARKER));
}

/** Changes with the sources of the stand-in, its dependencies and the Node that runs it; the same in any checkout. */
export function standInKey({ main, executable, sources }: PluginKind): string {
    const lock = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
    const files = sources.flatMap(filesBelow);
    return contentKey(executable, relative(repositoryRoot, main), process.execPath, process.version, lock, ...files);
}

export function isCurrentStandIn(folder: string, kind: PluginKind): boolean {
    const path = join(folder, KEY_FILE);
    return existsSync(path) && readFileSync(path, "utf8") === standInKey(kind);
}

/** Bundles the stand-in into one file and puts it, complete, in place of whatever is there. */
export async function placeStandIn(folder: string, kind: PluginKind): Promise<void> {
    const source = relative(repositoryRoot, kind.main);
    if (!existsSync(kind.main)) {
        throw new ToolchainError(
            `${kind.title}: the official plugin is neither installed nor can it be downloaded, and the stand-in ` +
                `${source} is missing; restore it from git`,
        );
    }
    const key = standInKey(kind);
    await replaceFolder(folder, async (draft) => {
        await bundle(kind, join(draft, "main.cjs"));
        const launcher = `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "main.cjs")}" "$@"\n`;
        writeFileSync(join(draft, kind.executable), launcher, { mode: 0o755 });
        writeFileSync(join(draft, MARKER), describe(kind, source));
        writeFileSync(join(draft, KEY_FILE), key);
    });
}

/** Fills a folder beside `folder` and then puts it in its place. The caller holds a lock. */
export async function replaceFolder(folder: string, fill: (draft: string) => void | Promise<void>): Promise<void> {
    const beside = (state: string) => join(dirname(folder), `.${state}-${basename(folder)}`);
    const draft = beside("unfinished");
    const old = beside("replaced");
    for (const leftOver of [draft, old]) rmSync(leftOver, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await fill(draft);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
}

async function bundle(kind: PluginKind, outfile: string): Promise<void> {
    const { build } = await import("esbuild");
    try {
        await build({
            entryPoints: [kind.main],
            outfile,
            bundle: true,
            platform: "node",
            format: "cjs",
            target: "node20",
            logLevel: "silent",
        });
    } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        throw new ToolchainError(`${kind.title}: its stand-in cannot be bundled. ${cause}`, { cause: error });
    }
}

function describe({ title, executable, replacement }: PluginKind, source: string): string {
    return [
        replacement === "simulator" ? `# Simulator in place of ${executable}` : `# Stand-in for ${executable}`,
        "",
        `This is not the official plugin (${title}) but a small program of the mlp project, made from ${source}.`,
        "It was placed here because the official one was neither installed nor could it be downloaded.",
        ...(replacement === "simulator" ? ["Nothing that it reports to have made exists."] : []),
        "It is replaced as soon as the official plugin appears.",
        "",
    ].join("\n");
}
