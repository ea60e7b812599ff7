import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { requiredVersion, type GoModule } from "./go-build";

/** What is laid over a module whose archive lacks it. */
export interface Addition {
    /** File or folder of ours. */
    readonly source: string;
    /** Its place in the module. */
    readonly target: string;
}

/** A module of a build list, and what it lacks. */
export interface Patch {
    readonly dependency: string;
    /** Where Go has unpacked the module. */
    readonly unpacked: string;
    readonly additions: readonly Addition[];
}

/**
 * The same build list in a folder of its own, where the dependency is a writable copy with the additions: Go refuses to
 * lay anything over its module cache. The copy is named by a relative path, so that executables hold no path of this
 * machine.
 */
export function patchedModule(module: GoModule, { dependency, unpacked, additions }: Patch, folder: string): GoModule {
    const list = readFileSync(join(module.folder, "go.mod"), "utf8");
    const copy = join(folder, "module");
    copyWritable(unpacked, copy);
    for (const { source, target } of additions) copyWritable(source, join(copy, target));
    const version = requiredVersion(list, dependency);
    writeFileSync(join(folder, "go.mod"), `${list}\nreplace ${dependency} v${version} => ./module\n`);
    copyFileSync(join(module.folder, "go.sum"), join(folder, "go.sum"));
    return { ...module, folder };
}

/** Copies a file or a folder; everything in Go's module cache is read-only, the copy is not. */
export function copyWritable(source: string, target: string): void {
    if (statSync(source).isDirectory()) {
        mkdirSync(target, { recursive: true });
        for (const name of readdirSync(source)) copyWritable(join(source, name), join(target, name));
        return;
    }
    mkdirSync(dirname(target), { recursive: true });
    // A copied mode would be read-only.
    writeFileSync(target, readFileSync(source));
}
