import { spawnSync } from "node:child_process";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "../../..");

interface Ended {
    readonly status: number | null;
    readonly stderr: string;
}

/** Runs Python's unit tests below a folder, on `modules` besides its own; both relative to the repository. */
export function runUnitTests(folder: string, modules: string): Ended {
    return discover(folder, ".", { PYTHONPATH: join(REPOSITORY, modules) });
}

/** Runs the unit tests that a package has in its own folder `tests`; relative to the repository. */
export function runOwnTests(folder: string): Ended {
    return discover(folder, "tests");
}

function discover(folder: string, tests: string, more: NodeJS.ProcessEnv = {}): Ended {
    return spawnSync("python3", ["-m", "unittest", "discover", "-s", tests, "-t", "."], {
        cwd: join(REPOSITORY, folder),
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...more },
        encoding: "utf8",
    });
}
