import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { PLATFORM } from "../../cli/stack-files";
import { dataDir } from "../../toolchain/paths";
import { LocalPlatform } from "../support/local-platform";
import { allObjects, isOurs } from "../support/objects";

/** Resources in the state at which the engine is killed: each time more of the platform is there. */
const KILL_AT = [20, 90, 160];
const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const STATE = () => dataDir("state", ".pulumi", "stacks", "mlp", "local.json");

interface State {
    readonly checkpoint: {
        readonly latest: { readonly resources?: readonly unknown[]; readonly pending_operations?: readonly unknown[] };
    };
}

/** Takes the platform down and up again: it runs last, by its name. */
describe("after everything is destroyed and after an engine that was killed", () => {
    jest.setTimeout(900_000);
    let platform: LocalPlatform;
    let bare: string[];
    beforeAll(async () => {
        platform = await LocalPlatform.find();
    });

    const ours = (): string[] => [...allObjects(platform)].filter(([, item]) => isOurs(item)).map(([name]) => name);
    const everything = (): string[] => [...allObjects(platform).keys()].sort();

    const resources = (): number => {
        try {
            const { latest } = (JSON.parse(readFileSync(STATE(), "utf8")) as State).checkpoint;
            return (latest.resources?.length ?? 0) + (latest.pending_operations?.length ?? 0);
        } catch {
            return 0; // It is being written, or is not there yet.
        }
    };

    /** Kills the engine as soon as the state says so. */
    const killWhen = async (args: readonly string[], due: (count: number) => boolean): Promise<void> => {
        const engine = spawn(join(platform.tools.pulumiBin, "pulumi"), [...args, "--stack", "local"], {
            cwd: PLATFORM.directory,
            env: platform.environment(),
            stdio: "ignore",
        });
        const ended = new Promise<string | null>((resolve) => engine.on("exit", (_code, signal) => resolve(signal)));
        const before = existsSync(STATE()) ? readFileSync(STATE(), "utf8") : "";
        const watch = setInterval(() => {
            const begun = existsSync(STATE()) && readFileSync(STATE(), "utf8") !== before;
            if (begun && due(resources())) engine.kill("SIGKILL");
        }, 50);
        const signal = await ended;
        clearInterval(watch);
        expect(signal).toBe("SIGKILL");
    };

    it("destroy leaves no object of ours and an empty state", async () => {
        expect(ours().length).toBeGreaterThan(20);
        const { code, output } = await platform.pulumi(DESTROY);
        expect([code, output]).toEqual([0, expect.any(String)]);
        expect(ours()).toEqual([]);
        expect(resources()).toBe(0);
        bare = everything();
        expect(
            bare.filter((name) =>
                /jobset|trainer|trainjob|simulated|mlp-(system|data|pipelines|registry)|team-|argo|workflow/.test(name),
            ),
        ).toEqual([]);
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
        expect((await platform.pulumi(DESTROY)).code).toBe(0);
        expect(everything()).toEqual(bare);
    });

    it("goes on after SIGKILL of the engine at three points, with nothing lost and nothing twice", async () => {
        for (const count of KILL_AT) {
            await killWhen(UP, (now) => now >= count);
            expect(resources()).toBeGreaterThanOrEqual(count);
            // The next run recovers by itself: that is what a user would do.
            const { code, output } = await platform.mlp(["up", "--preview"]);
            expect([count, code, output]).toEqual([count, 0, expect.any(String)]);
        }
        const { code, output } = await platform.mlp(["up"]);
        expect([code, output]).toEqual([0, expect.stringMatching(/The platform is up/)]);
        const again = await platform.pulumi([...UP, "--refresh", "--expect-no-changes"]);
        expect([again.code, again.output]).toEqual([0, expect.any(String)]);
    });

    it("leaves nothing behind when its removal is killed as well and started again", async () => {
        await killWhen(DESTROY, (now) => now <= 90);
        expect((await platform.mlp(["up", "--preview"])).code).toBe(0);
        const { code, output } = await platform.pulumi(DESTROY);
        expect([code, output]).toEqual([0, expect.any(String)]);
        expect(everything()).toEqual(bare);
        expect(resources()).toBe(0);
    });
});
