import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";

import { PLATFORM } from "../../cli/stack-files";
import { LocalPlatform } from "../support/local-platform";
import { allObjects } from "../support/objects";

/** Each kill finds more of the platform there than the one before. */
const KILL_AFTER_SECONDS = [4, 6, 8, 10, 13];
const UP = ["up", "--yes", "--skip-preview"];

/** Runs last: it takes the platform down and up again. */
describe("after everything is destroyed and after an engine that was killed", () => {
    jest.setTimeout(600_000);
    let platform: LocalPlatform;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    const ours = (): string[] =>
        [...allObjects(platform)]
            .filter(([, { metadata }]) => metadata.managedFields?.some(({ manager }) => manager.startsWith("pulumi")))
            .map(([name]) => name);

    const resources = async (): Promise<number> => {
        const { stdout } = await platform.pulumi(["stack", "export"]);
        const { deployment } = JSON.parse(stdout) as { deployment: { resources?: unknown[] } };
        return deployment.resources?.length ?? 0;
    };

    it("destroy leaves no object of ours and an empty state", async () => {
        expect(ours().length).toBeGreaterThan(20);
        const { code, output } = await platform.pulumi(["destroy", "--yes", "--skip-preview"]);
        expect([code, output]).toEqual([0, expect.any(String)]);
        expect(ours()).toEqual([]);
        expect(await resources()).toBe(0);
    });

    it("refuses an object that somebody else owns, names it, and leaves it as it is", async () => {
        platform.kubectl(["create", "namespace", "jobset-system"]);
        const { code, output } = await platform.pulumi(UP);
        expect(code).not.toBe(0);
        expect(output).toMatch(/jobset-system.*already exists/);
        expect(output).not.toMatch(/^\s+at .*(infra|components|toolchain)\//m);
        const namespace = platform.get<{ metadata: { labels: object } }>("namespace/jobset-system");
        expect(Object.keys(namespace.metadata.labels)).toEqual(["kubernetes.io/metadata.name"]);
        platform.kubectl(["delete", "namespace", "jobset-system"]);
        expect((await platform.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
        expect(ours()).toEqual([]);
    });

    it("goes on after SIGKILL of the engine at five points, with nothing lost and nothing twice", async () => {
        const counts: number[] = [];
        for (const seconds of KILL_AFTER_SECONDS) {
            const engine = spawn(join(platform.tools.pulumiBin, "pulumi"), [...UP, "--stack", "local"], {
                cwd: PLATFORM.directory,
                env: platform.environment(),
                stdio: "ignore",
            });
            const ended = new Promise((resolve) => engine.on("exit", resolve));
            await sleep(seconds * 1000);
            engine.kill("SIGKILL");
            await ended;
            // The next run recovers by itself: that is what a user would do.
            const { code, output } = await platform.mlp(["up", "--preview"]);
            expect([seconds, code, output]).toEqual([seconds, 0, expect.any(String)]);
            counts.push(await resources());
        }
        expect(new Set(counts).size).toBeGreaterThan(1);

        const { code, output } = await platform.mlp(["up"]);
        expect([code, output]).toEqual([0, expect.stringMatching(/The platform is up/)]);
        expect((await platform.pulumi([...UP, "--refresh", "--expect-no-changes"])).code).toBe(0);
    });

    it("leaves nothing behind when it is destroyed afterwards", async () => {
        expect((await platform.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
        expect(ours()).toEqual([]);
        expect(await resources()).toBe(0);
    });
});
