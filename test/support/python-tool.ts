import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { cacheDir } from "../../toolchain/paths";

/** An independent judge from PyPI, by its entry point. Versions: test/support/requirements/<name>.txt. */
const ENTRY_POINTS = {
    "cfn-lint": "import sys; from cfnlint.runner import main; sys.exit(main())",
    checkov: "import sys; from checkov.main import Checkov; sys.exit(Checkov().run())",
} as const;
export type PythonTool = keyof typeof ENTRY_POINTS;

const REQUIREMENTS = join(__dirname, "requirements");

/**
 * Runs a tool; it is installed once for each list of versions.
 *
 * @returns what it printed; an exit code that only tells of findings is no error.
 */
export function runPythonTool(tool: PythonTool, args: readonly string[]): string {
    const env = { ...process.env, PYTHONPATH: installed(tool), PYTHONDONTWRITEBYTECODE: "1" };
    try {
        return execFileSync("python3", ["-c", ENTRY_POINTS[tool], ...args], { env, encoding: "utf8", ...QUIET });
    } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        if (stdout !== undefined && stdout.trim() !== "") return stdout;
        throw new Error(`${tool} did not run: ${stderr ?? String(error)}`);
    }
}

const QUIET = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"], maxBuffer: 256 * 1024 * 1024 };

function installed(tool: PythonTool): string {
    const requirements = join(REQUIREMENTS, `${tool}.txt`);
    const key = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
    const folder = cacheDir("test", `${tool}-${key}`);
    if (existsSync(folder)) return folder;
    // Files are named by no absolute path, so a finished folder can be moved into its place at once.
    const draft = `${folder}.${process.pid}`;
    mkdirSync(dirname(folder), { recursive: true });
    try {
        const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"];
        execFileSync("python3", [...pip, "--target", draft, "--requirement", requirements], {
            stdio: ["ignore", "ignore", "inherit"],
        });
        if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
        rmSync(draft, { recursive: true, force: true });
    }
    return folder;
}
