import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../paths";
import type { Step } from "../progress";
import { contentKey, ensureEntry, entryPath, filesBelow, hasEntry, logPath, type Entry } from "./entry";
import { ToolchainError } from "./errors";
import { GO_CURE, goVersion, inTurn, requiredVersion, requireGo, unpackedModule, type GoModule } from "./go-build";
import { copyWritable } from "./go-patch";
import type { Context, Piece, PieceStatus } from "./piece";
import { findExecutable, run } from "./run";
import { withStep } from "./step";

export const ARGO_MODULE = "github.com/argoproj/argo-workflows/v4";

/** Raise it when the result changes without a change of toolchain/argo/ui. */
const FORMAT = "1";

const list = join(repositoryRoot, "toolchain", "argo");
const packages = join(list, "ui");

/** What the page's own files are made of: its sources, and the API's schemas, which it serves for its editors. */
const SOURCES = ["ui", "api"] as const;

function argoVersion(): string {
    return requiredVersion(readFileSync(join(list, "go.mod"), "utf8"), ARGO_MODULE);
}

/** The cache entry that holds the assets. */
function uiEntry(): Entry {
    return { kind: "bin", name: "argo-ui", key: contentKey(FORMAT, argoVersion(), ...filesBelow(packages)) };
}

/** The folder of the assets of Argo's web UI, which its server embeds, and all that decides their content. */
export function argoUi(): { readonly folder: string; readonly key: string } {
    const entry = uiEntry();
    return { folder: join(entryPath(entry), "app"), key: entry.key };
}

/** The web UI of Argo Workflows: the module's archive holds its sources only. */
export function argoUiPiece(): Piece<void> {
    const version = argoVersion();
    const title = `web UI of Argo Workflows ${version}`;
    return {
        name: "argo-ui",
        title,
        inspect: () => Promise.resolve(inspect(title, version)),
        // Webpack takes both cores for minutes, as Go's compiler does.
        ensure: (context) => inTurn(() => withStep(context, title, (step) => ensure(title, version, context, step))),
    };
}

function inspect(title: string, version: string): PieceStatus {
    const described = { name: "argo-ui", title, version } as const;
    const entry = uiEntry();
    if (hasEntry(entry)) return { ...described, state: "ready", origin: "built", location: entryPath(entry) };
    return goVersion() === undefined
        ? { ...described, state: "missing", cause: "Go, which fetches its sources, is not on PATH", cure: GO_CURE }
        : { ...described, state: "missing", cause: "not built yet", cure: "`npm run up` builds it" };
}

async function ensure(title: string, version: string, context: Context, step: Step) {
    requireGo();
    const made = await ensureEntry(uiEntry(), context, step, (folder) => build(title, version, folder, context, step));
    return { value: undefined, outcome: made ? "built" : "found" };
}

async function build(title: string, version: string, folder: string, context: Context, step: Step): Promise<void> {
    const npm = findExecutable("npm");
    if (npm === undefined) throw new ToolchainError(`${title}: npm is not on PATH; it comes with Node`);
    const log = logPath("argo-ui");
    const module: GoModule = { folder: list, tags: [], stamps: {} };
    const unpacked = await unpackedModule({ title, module, dependency: ARGO_MODULE, logName: "argo-ui" }, context);
    const work = join(folder, ".work");
    for (const name of SOURCES) copyWritable(join(unpacked, name), join(work, name));
    const ui = join(work, "ui");
    copyWritable(packages, ui);
    const onLine = (line: string) => step.waiting(line.trim());
    const options = { piece: title, log, cwd: ui, signal: context.signal, onLine };
    step.waiting("installing what it is built with");
    // Argo's component library still asks for the React before the one that the page uses.
    const install = ["ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
    await run([npm, ...install], { ...options, env: buildEnvironment() });
    step.waiting("bundling");
    const webpack = join(ui, "node_modules", "webpack-cli", "bin", "cli.js");
    // Source maps would be three quarters of the bytes of the server.
    await run([process.execPath, webpack, "--mode", "production", "--no-devtool"], {
        ...options,
        env: { ...buildEnvironment(), NODE_ENV: "production", VERSION: `v${version}` },
    });
    renameSync(join(ui, "dist", "app"), join(folder, "app"));
    rmSync(work, { recursive: true });
}

// Under `npm run`, npm tells its children to work in our own folder.
function buildEnvironment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(([name]) => !/^npm_config_(local_)?prefix$/i.test(name));
    return Object.fromEntries(kept.filter(([name]) => !["NODE_ENV", "ARGO_BASE_HREF"].includes(name)));
}
