import { spawnSync } from "node:child_process";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "../../..");

/** Runs Python's unit tests below a folder, on `modules` besides its own; both relative to the repository. */
export function runUnitTests(
    folder: string,
    modules: string,
): { readonly status: number | null; readonly stderr: string } {
    return spawnSync("python3", ["-m", "unittest", "discover", "-s", ".", "-t", "."], {
        cwd: join(REPOSITORY, folder),
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: join(REPOSITORY, modules) },
        encoding: "utf8",
    });
}
