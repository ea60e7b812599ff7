import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentProgress } from "../../../../toolchain/progress";

/** Gives every test of the file an empty cache of its own. */
export function useTemporaryCache(): () => string {
    let folder = "";
    const before = process.env["XDG_CACHE_HOME"];
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mlp-test-"));
        process.env["XDG_CACHE_HOME"] = folder;
    });
    afterEach(() => {
        if (before === undefined) delete process.env["XDG_CACHE_HOME"];
        else process.env["XDG_CACHE_HOME"] = before;
        rmSync(folder, { recursive: true, force: true });
    });
    return () => folder;
}

/** A context that nobody interrupts. */
export function quietContext() {
    return { progress: silentProgress, signal: new AbortController().signal };
}

/** A step that remembers what it waited for. */
export function recordingStep() {
    const reasons: string[] = [];
    return { reasons, waiting: (reason: string) => void reasons.push(reason), done() {}, failed() {}, dropped() {} };
}
