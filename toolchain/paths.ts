import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

const FOLDER = "mlp";

/** The repository that this toolchain belongs to. */
export const repositoryRoot = resolve(__dirname, "..");

/** What can be made again: binaries, images, plugins. Deleting it costs time, never data. */
export function cacheDir(...below: string[]): string {
    return join(userFolder("XDG_CACHE_HOME", ".cache"), FOLDER, ...below);
}

/** What cannot be made again: the local stack's state and passphrase, the embedded cluster's volumes. */
export function dataDir(...below: string[]): string {
    return join(userFolder("XDG_DATA_HOME", join(".local", "share")), FOLDER, ...below);
}

// The XDG specification: a relative path is invalid and counts as unset.
function userFolder(variable: string, fallback: string): string {
    const configured = process.env[variable];
    return configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), fallback);
}
