import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "./free-port";
import { Count, stepLayer } from "./layers";

const MLP = ["tsx", "cli/main.ts"];

/** Puts up a local platform of its own, apart from the user's, for `run`, and removes it. */
export async function onOwnPlatform(run: (env: NodeJS.ProcessEnv) => Count): Promise<Count> {
    const data = mkdtempSync(join(tmpdir(), "mlp-prove-"));
    const env = {
        ...process.env,
        XDG_DATA_HOME: data,
        MLP_API_PORT: String(await freePort()),
    };
    try {
        const up = stepLayer("up", [...MLP, "up"], env);
        return up.failed > 0 ? up : run(env);
    } finally {
        stepLayer("purge", [...MLP, "down", "--purge"], env);
        rmSync(data, { recursive: true, force: true });
    }
}
