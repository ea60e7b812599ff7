import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cacheDir } from "../paths";

const NO_LOGS = `Pulumi logs every message in full to a folder of this name unless it cannot make one.
That took half the time of an update (docs/decisions/0006-no-automatic-log.md);
\`pulumi -v=9 --logtostderr\` logs when it is wanted.
`;

/** The engine's home: plugins that need no network, apart from the user's own. */
export function pulumiHome(): string {
    return cacheDir("pulumi-home");
}

/** Makes the engine's home, with a file in the place of its log folder. */
export function makePulumiHome(): void {
    mkdirSync(join(pulumiHome(), "plugins"), { recursive: true });
    const logs = join(pulumiHome(), "logs");
    const found = statSync(logs, { throwIfNoEntry: false });
    if (found?.isFile() === true) return;
    rmSync(logs, { recursive: true, force: true });
    writeFileSync(logs, NO_LOGS);
}
