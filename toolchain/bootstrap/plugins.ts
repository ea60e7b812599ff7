import { cpSync, existsSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { cacheDir } from "../paths";
import type { Step } from "../progress";
import { answersAt, knownAnswer, remembered } from "./answers";
import { logPath } from "./entry";
import { Interrupted, ToolchainError } from "./errors";
import { withLock } from "./lock";
import type { Context, Origin, Piece, PieceStatus } from "./piece";
import type { PluginKind } from "./plugin-kinds";
import { makePulumiHome, pulumiHome } from "./pulumi-home";
import { findExecutable, run } from "./run";
import { isCurrentStandIn, isStandIn, placeStandIn, replaceFolder } from "./stand-in";
import { withStep, type StepResult } from "./step";

const INSTALL_TIMEOUT_MS = 180_000;

/** A plugin; its value says whether it is the official one. `pulumi` gives the folder of the CLI. */
export function pluginPiece(kind: PluginKind, pulumi: () => Promise<string>): Piece<Origin> {
    return {
        name: kind.piece,
        title: kind.title,
        inspect: () => Promise.resolve(inspect(kind)),
        ensure: async (context) => {
            const downloadable = findOfficial(kind) === undefined && (await canDownload(kind));
            const cli = downloadable ? await pulumi() : undefined;
            return withStep(context, kind.title, (step) => ensure(kind, cli, context, step));
        },
    };
}

function pluginFolder(kind: PluginKind): string {
    return join(pulumiHome(), "plugins", kind.folder);
}

function inspect(kind: PluginKind): PieceStatus {
    const described = { name: kind.piece, title: kind.title, version: kind.version };
    const official = findOfficial(kind);
    if (official !== undefined) return { ...described, state: "ready", origin: "official", location: official };
    const folder = pluginFolder(kind);
    const { replacement } = kind;
    if (isCurrentStandIn(folder, kind)) return { ...described, state: "ready", origin: replacement, location: folder };
    const cause = isStandIn(folder) ? `the ${replacement}'s sources have changed since it was placed` : "not installed";
    return { ...described, state: "missing", cause, cure: "`npm run up` places it" };
}

async function ensure(
    kind: PluginKind,
    cli: string | undefined,
    context: Context,
    step: Step,
): Promise<StepResult<Origin>> {
    const folder = pluginFolder(kind);
    makePulumiHome();
    const onWait = (pid: number) => step.waiting(`process ${pid} is placing it already, waiting for it`);
    return withLock(cacheDir("locks", kind.piece), { signal: context.signal, onWait }, async () => {
        if (await adoptOfficial(kind)) return { value: "official", outcome: "official, found" };
        if (cli !== undefined && (await download(kind, cli, context, step))) {
            return { value: "official", outcome: "official, downloaded" };
        }
        const { replacement } = kind;
        if (isCurrentStandIn(folder, kind)) return { value: replacement, outcome: `${replacement}, found` };
        step.waiting(`bundling the ${replacement}`);
        await placeStandIn(folder, kind);
        return { value: replacement, outcome: `${replacement} placed` };
    });
}

/** The folder or executable of the official plugin, if it is anywhere on this machine. */
function findOfficial(kind: PluginKind): string | undefined {
    const own = pluginFolder(kind);
    const folder = [own, join(usersPulumiHome(), "plugins", kind.folder)].find((path) => isOfficial(path, kind));
    // The engine itself looks for the language host on PATH, which covers the one beside an installed CLI.
    return folder ?? (kind.piece === "language-host" ? findExecutable(kind.executable) : undefined);
}

function isOfficial(folder: string, { executable }: PluginKind): boolean {
    // The CLI marks a plugin whose download has not ended.
    return existsSync(join(folder, executable)) && !isStandIn(folder) && !existsSync(`${folder}.partial`);
}

/** Makes the official plugin the one that the engine uses; false where there is none. */
async function adoptOfficial(kind: PluginKind): Promise<boolean> {
    const official = findOfficial(kind);
    if (official === undefined) return false;
    const own = pluginFolder(kind);
    if (official === own) return true;
    if (official.endsWith(kind.folder)) {
        // The engine does not follow links in its plugin folder.
        await replaceFolder(own, (draft) => cpSync(official, draft, { recursive: true }));
    } else {
        rmSync(own, { recursive: true, force: true });
    }
    return true;
}

async function canDownload({ download, folder }: PluginKind): Promise<boolean> {
    if (download === undefined || knownAnswer(`install ${folder}`) === false) return false;
    return remembered(`download ${folder}`, () => answersAt(download.url, (status) => status === 200));
}

async function download(kind: PluginKind, cli: string, { progress, signal }: Context, step: Step): Promise<boolean> {
    if (kind.download === undefined) return false;
    const { kind: type, name } = kind.download;
    step.waiting("pulumi plugin install");
    if (isStandIn(pluginFolder(kind))) rmSync(pluginFolder(kind), { recursive: true });
    const command = [join(cli, "pulumi"), "plugin", "install", type, name, `v${kind.version}`, "--reinstall"];
    const env = { ...process.env, PULUMI_HOME: pulumiHome(), PULUMI_SKIP_UPDATE_CHECK: "true" };
    try {
        const log = logPath(kind.piece);
        await run(command, { piece: kind.title, log, env, signal, timeoutMs: INSTALL_TIMEOUT_MS });
        return isOfficial(pluginFolder(kind), kind);
    } catch (error) {
        if (error instanceof Interrupted || !(error instanceof ToolchainError)) throw error;
        progress.note(`${kind.title} could not be downloaded. ${error.message.split("\n")[0] ?? ""}`);
        return remembered(`install ${kind.folder}`, () => Promise.resolve(false));
    }
}

function usersPulumiHome(): string {
    return resolve(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"));
}
