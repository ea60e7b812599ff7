/** Something the user can mend: the CLI shows the message alone, without a stack. */
export class ToolchainError extends Error {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "ToolchainError";
    }
}

/** Thrown into everything that still runs when another piece has failed or the user has interrupted. */
export class Interrupted extends ToolchainError {
    constructor() {
        super("interrupted; run the same command again to go on from here");
        this.name = "Interrupted";
    }
}

const CAUSES: Readonly<Record<string, string>> = {
    ENOSPC: "no space is left on the disk; free some and run the same command again",
    EACCES: "this user may not write there; run as its owner or as root",
    EROFS: "the file system is read-only; point XDG_CACHE_HOME to one that can be written",
    EDQUOT: "the disk quota is used up; free some space and run the same command again",
};

/** What the user can mend, told as such; anything else as it is. */
export function asUserError(title: string, error: unknown): unknown {
    if (typeof error !== "object" || error === null || !("code" in error)) return error;
    const cause = CAUSES[String(error.code)];
    if (cause === undefined) return error;
    const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
    return new ToolchainError(`${title}: ${path}${cause}`, { cause: error });
}
