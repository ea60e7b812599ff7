import { readdirSync, realpathSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";

import { InvalidConfiguration, Problem } from "../problems";

const IGNORED = new Set(["__pycache__", "node_modules"]);

/**
 * Files below a directory, as sorted paths with forward slashes; hidden ones and caches are left out. A link counts as
 * what it leads to, but only within the directory: another machine would not have the rest.
 *
 * @throws InvalidConfiguration naming `path`, with every entry that cannot be packed.
 */
export function listFiles(directory: string, path: string): string[] {
    const problems: Problem[] = [];
    const wrong = (found: string, allowed: string, fix: string) => {
        problems.push({ path, found, allowed, fix });
        return [];
    };
    /** `above`: the real directories on the way down, as a link to one of them would never end. */
    const walk = (below: string, above: readonly string[]): string[] =>
        readdirSync(join(directory, below)).flatMap((name) => {
            if (name.startsWith(".") || IGNORED.has(name)) return [];
            const file = posix.join(below, name);
            const { real, kind } = targetOf(join(directory, file));
            const outside = real !== undefined && !real.startsWith(`${above[0]}${sep}`);
            if (kind === "directory" && !outside && !above.includes(real)) return walk(file, [...above, real]);
            if (kind === "file" && !outside) return [file];
            return wrong(
                join(directory, file),
                "files, directories, and links to those within codeDirectory",
                "Remove it, or put a copy of what it leads to in its place.",
            );
        });
    if (targetOf(directory).kind !== "directory") {
        wrong(
            directory,
            "a directory that exists",
            "Give the path of the training code, absolute or relative to where the program runs.",
        );
    }
    const files = problems.length > 0 ? [] : walk("", [realpathSync(directory)]);
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return files.sort();
}

type Target = { real: string; kind: "file" | "directory" | "other" } | { real?: never; kind: "missing" };

/** What a path leads to in the end. */
function targetOf(path: string): Target {
    try {
        const stats = statSync(path);
        const kind = stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
        return { real: realpathSync(path), kind };
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Links that lead nowhere, and to one another.
        if (code === "ENOENT" || code === "ELOOP") return { kind: "missing" };
        throw error;
    }
}
