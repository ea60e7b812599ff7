import { execFileSync } from "node:child_process";

import { repositoryRoot } from "../../toolchain/paths";

/** What a figure was taken of. */
export interface TreeState {
    readonly commit: string;
    readonly uncommittedChanges: boolean;
}

/** Of this checkout. Evidence itself does not count: it is what is being written. */
export function commitOfTree(): TreeState {
    const changes = git("status", "--porcelain", "--", ".", ":(exclude)docs/evidence");
    return { commit: git("rev-parse", "HEAD"), uncommittedChanges: changes !== "" };
}

function git(...args: string[]): string {
    return execFileSync("git", args, { cwd: repositoryRoot, encoding: "utf8" }).trim();
}
