import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { lockText, parseLock, type ImageLock } from "../../images/image-lock";
import { asUserError, ToolchainError } from "../bootstrap/errors";

/**
 * Reads the lock that is to be changed; none yet is an empty one.
 *
 * @throws ToolchainError when the file is damaged: what it held must not be lost by writing over it.
 */
export function readLockFile(file: string): ImageLock {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return { images: {} };
        throw asUserError(file, error);
    }
    try {
        return parseLock(text, file);
    } catch (error) {
        throw new ToolchainError((error as Error).message, { cause: error });
    }
}

/** Writes the lock whole or not at all; returns whether anything changed. */
export function writeLockFile(file: string, lock: ImageLock): boolean {
    const text = lockText(lock);
    const draft = `${file}.${randomUUID()}`;
    try {
        if (currentText(file) === text) return false;
        writeFileSync(draft, text);
        renameSync(draft, file);
    } catch (error) {
        throw asUserError(file, error);
    } finally {
        rmSync(draft, { force: true });
    }
    return true;
}

function currentText(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined; // None yet.
    }
}
