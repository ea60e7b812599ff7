import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Engine } from "../../../cli/engine";
import { temporaryData } from "./temporary-data";

describe("Engine", () => {
    const folder = temporaryData();

    /** An engine whose CLI is a shell script. */
    const scripted = (script: string): Engine => {
        writeFileSync(join(folder(), "Pulumi.s.yaml"), "config: {}\n");
        writeFileSync(join(folder(), "pulumi"), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder(), "pulumi"), 0o755);
        const project = { name: "p", directory: folder(), stacks: folder() };
        return new Engine({ pulumiHome: folder(), pulumiBin: folder() }, project, "s", undefined);
    };

    it.each(["SIGTERM", "SIGHUP"] as const)("passes %s on and waits for the orderly end", async (signal) => {
        const engine = scripted("trap 'touch orderly; exit 3' TERM; touch ready; while :; do sleep 0.05; done");
        const run = expect(engine.run(["up"])).rejects.toMatchObject({ exitCode: 3 });
        while (!existsSync(join(folder(), "ready"))) await sleep(20);
        process.emit(signal);
        await run;
        expect(existsSync(join(folder(), "orderly"))).toBe(true);
    });

    it("does not let the user's passphrase decide about a stack of ours", () => {
        const { PULUMI_CONFIG_PASSPHRASE } = process.env;
        process.env.PULUMI_CONFIG_PASSPHRASE = "theirs";
        try {
            expect(scripted("").environment).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
        } finally {
            if (PULUMI_CONFIG_PASSPHRASE === undefined) delete process.env.PULUMI_CONFIG_PASSPHRASE;
            else process.env.PULUMI_CONFIG_PASSPHRASE = PULUMI_CONFIG_PASSPHRASE;
        }
    });
});
