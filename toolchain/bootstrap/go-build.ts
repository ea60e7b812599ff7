import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths";
import type { Step } from "../progress";
import { contentKey, logPath } from "./entry";
import { ToolchainError } from "./errors";
import { withLock } from "./lock";
import type { Context } from "./piece";
import { answer, findExecutable, run } from "./run";

/** A folder with a go.mod and go.sum of ours. */
export interface GoModule {
    readonly folder: string;
    readonly tags: readonly string[];
    /** `-X` settings of the linker. */
    readonly stamps: Readonly<Record<string, string>>;
}

/** Packages of a module and where their executables go. */
export interface GoBuild {
    /** For messages. */
    readonly title: string;
    readonly module: GoModule;
    /** The package of each executable; of several, each is named after its package. */
    readonly packages: Readonly<Record<string, string>>;
    /** Where the executables go. */
    readonly folder: string;
    readonly logName: string;
}

const MINIMUM_GO = "1.26";
const GO_FOLDERS = ["/usr/local/go/bin", "/usr/lib/go/bin"];

/** The same flags for everything, so that shared dependencies are compiled once. */
export function buildFlags({ tags, stamps }: GoModule): string[] {
    const settings = Object.entries(stamps).map(([name, value]) => `-X ${name}=${value}`);
    const tagFlags = tags.length === 0 ? [] : ["-tags", tags.join(",")];
    return ["-trimpath", "-buildvcs=false", ...tagFlags, "-ldflags", ["-s -w", ...settings].join(" ")];
}

/** All that decides the executables of a module, apart from sources of ours. */
export function moduleKey(module: GoModule, goVersion: string): string {
    const list = ["go.mod", "go.sum"].map((name) => readFileSync(join(module.folder, name), "utf8"));
    return contentKey(goVersion, process.arch, ...buildFlags(module), ...list);
}

/** The version of a dependency, as go.mod names it. */
export function requiredVersion(goModule: string, dependency: string): string {
    const line = goModule.split("\n").find((text) =>
        text
            .replace(/^require\s+/, "")
            .trim()
            .startsWith(`${dependency} v`),
    );
    const version = line?.match(/ v(\S+)/)?.[1];
    if (version === undefined) throw new Error(`go.mod does not require ${dependency}`);
    return version;
}

let knownVersion: string | undefined;

/** Go's own version, such as `go1.26.8`; undefined where there is no Go. Asked once: it decides every key. */
export function goVersion(): string | undefined {
    const go = goExecutable();
    return go === undefined ? undefined : (knownVersion ??= answer([go, "env", "GOVERSION"], goEnvironment()));
}

/** What to tell a user who lacks Go. */
export const GO_CURE = `install Go ${MINIMUM_GO} or newer (https://go.dev/dl) and put it on PATH`;

/** Go's version, or an error that says how to get a good one. */
export function requireGo(): string {
    const version = goVersion();
    if (version === undefined) throw new ToolchainError(`Go is not on PATH; ${GO_CURE}`);
    const [, major = "0", minor = "0"] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
    const [minimumMajor = "0", minimumMinor = "0"] = MINIMUM_GO.split(".");
    const enough = Number(major) * 1000 + Number(minor) >= Number(minimumMajor) * 1000 + Number(minimumMinor);
    if (!enough) throw new ToolchainError(`${version} is too old, ${MINIMUM_GO} or newer is needed; ${GO_CURE}`);
    return version;
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Runs Go builds of this process one after another, in the order asked. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(work);
    // The next in the queue does not depend on how this one ends.
    lastTurn = turn.catch(() => undefined);
    return turn;
}

/** Builds; one build at a time on this machine, because each uses every core and gigabytes of memory. */
export async function goBuild(build: GoBuild, { signal }: Context, step: Step): Promise<void> {
    const go = goExecutable();
    if (go === undefined) throw new ToolchainError(`${build.title}: Go is not on PATH; ${GO_CURE}`);
    const onWait = (pid: number) => step.waiting(`another Go build runs (process ${pid}), waiting for its end`);
    await withLock(cacheDir("locks", "go-build"), { signal, onWait }, async () => {
        step.waiting("compiling and linking");
        // Gigabytes for Kubernetes: with the unfinished folder they go even if Go is killed.
        const temporary = join(build.folder, ".tmp");
        mkdirSync(temporary);
        const [executable = "", ...others] = Object.keys(build.packages);
        const output = others.length === 0 ? join(build.folder, executable) : `${build.folder}/`;
        const packages = Object.values(build.packages);
        await run([go, "build", "-v", ...buildFlags(build.module), "-o", output, ...packages], {
            piece: build.title,
            log: logPath(build.logName),
            cwd: build.module.folder,
            env: { ...goEnvironment(), GOTMPDIR: temporary },
            signal,
            onLine: compileProgress(step),
        });
        rmSync(temporary, { recursive: true });
    });
}

/** Where Go has unpacked the archive of a dependency, which it fetches first where it must. */
export async function unpackedModule(
    { title, module, dependency, logName }: { title: string; module: GoModule; dependency: string; logName: string },
    { signal }: Pick<Context, "signal">,
): Promise<string> {
    const go = goExecutable();
    if (go === undefined) throw new ToolchainError(`${title}: Go is not on PATH; ${GO_CURE}`);
    await run([go, "mod", "download", dependency], {
        piece: title,
        log: logPath(logName),
        cwd: module.folder,
        env: goEnvironment(),
        signal,
    });
    return moduleFolder(module, dependency);
}

/** Where Go has unpacked the archive of a dependency. */
export function moduleFolder({ folder }: GoModule, dependency: string): string {
    const go = goExecutable();
    const options = { cwd: folder, env: goEnvironment(), encoding: "utf8" } as const;
    if (go === undefined) throw new ToolchainError(`Go is not on PATH; ${GO_CURE}`);
    return execFileSync(go, ["list", "-m", "-f", "{{.Dir}}", dependency], options).trim();
}

// With -v Go names each package that it compiles, and each module that it downloads.
function compileProgress(step: Step): (line: string) => void {
    let compiled = 0;
    return (line) => {
        if (line.startsWith("go: ")) return step.waiting(line.slice("go: ".length));
        compiled += 1;
        step.waiting(`compiling ${line} (${compiled} packages so far)`);
    };
}

// The user's own flags and workspace must not change what is built; caches and proxies stay the user's.
function goEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local", GOWORK: "off" };
}

function goExecutable(): string | undefined {
    return findExecutable("go", GO_FOLDERS);
}
