import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../paths";
import { ensureEntry, entryPath, hasEntry, type Entry } from "./entry";
import { GO_CURE, goBuild, goVersion, inTurn, moduleKey, requiredVersion, requireGo, type GoModule } from "./go-build";
import type { Piece, PieceStatus } from "./piece";
import { answer, findExecutable } from "./run";
import { withStep } from "./step";

const folder = join(repositoryRoot, "toolchain", "pulumi");

/** The engine's version, as its go.mod names it; the npm SDK is pinned to the same. */
export function pulumiVersion(): string {
    return requiredVersion(readFileSync(join(folder, "go.mod"), "utf8"), "github.com/pulumi/pulumi/pkg/v3");
}

function goModule(): GoModule {
    const stamps = { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${pulumiVersion()}` };
    return { folder, tags: ["osusergo", "grpcnotrace"], stamps };
}

function cliEntry(go: string): Entry {
    return { kind: "bin", name: "pulumi", key: moduleKey(goModule(), go) };
}

// Another version would fit neither the SDK nor the plugins placed for this one.
function onPath(): string | undefined {
    const found = findExecutable("pulumi");
    return found !== undefined && answer([found, "version"]) === `v${pulumiVersion()}` ? dirname(found) : undefined;
}

/** The Pulumi CLI; its value is the folder that holds it. */
export function pulumiPiece(): Piece<string> {
    const version = pulumiVersion();
    const title = `Pulumi CLI ${version}`;
    return {
        name: "pulumi",
        title,
        inspect: () => Promise.resolve(inspect(title, version)),
        ensure: (context) =>
            inTurn(() =>
                withStep(context, title, async (step) => {
                    const official = onPath();
                    if (official !== undefined) return { value: official, outcome: `found in ${official}` };
                    const entry = cliEntry(requireGo());
                    const made = await ensureEntry(entry, context, step, (target) => {
                        const packages = { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" };
                        return goBuild(
                            { title, module: goModule(), packages, folder: target, logName: "pulumi" },
                            context,
                            step,
                        );
                    });
                    return { value: entryPath(entry), outcome: made ? "built" : "found" };
                }),
            ),
    };
}

function inspect(title: string, version: string): PieceStatus {
    const described = { name: "pulumi", title, version } as const;
    const official = onPath();
    if (official !== undefined) return { ...described, state: "ready", origin: "official", location: official };
    const go = goVersion();
    if (go === undefined) {
        return { ...described, state: "missing", cause: "neither this version nor Go is on PATH", cure: GO_CURE };
    }
    const entry = cliEntry(go);
    return hasEntry(entry)
        ? { ...described, state: "ready", origin: "built", location: entryPath(entry) }
        : { ...described, state: "missing", cause: "not on PATH, not built yet", cure: "`npm run up` builds it" };
}
