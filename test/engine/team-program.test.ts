import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { parse } from "yaml";

import { selfSigned } from "../support/certificates";

const run = promisify(execFile);
const root = join(__dirname, "../..");
const example = join(root, "examples/team-program");
/** Packing compiles the library, installing brings every provider's SDK. */
const MINUTES = 60_000;

interface Registered {
    type: string;
    name: string;
    provider?: string;
    custom: boolean;
}

/**
 * Another team's program, as that team has it: a directory of its own, where npm installs the packed library and
 * nothing of this repository is to be found. The registry's client answers from its cache where it can.
 */
describe("examples/team-program", () => {
    const home = mkdtempSync(join(tmpdir(), "team-program-"));
    const program = join(home, "program");

    beforeAll(async () => {
        const { stdout } = await run(
            "npm",
            ["pack", "--json", "--workspace", "components", "--pack-destination", home],
            {
                cwd: root,
                maxBuffer: 1 << 24,
            },
        );
        cpSync(example, program, { recursive: true });
        const tarball = join(home, /"filename":\s*"([^"]+)"/.exec(stdout)?.[1] ?? "none");
        const quiet = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
        await run("npm", ["install", ...quiet, tarball], { cwd: program, maxBuffer: 1 << 24 });
    }, 8 * MINUTES);

    afterAll(() => {
        rmSync(home, { recursive: true, force: true });
        // What packing compiled would be taken for the library by whoever resolves it in this repository.
        rmSync(join(root, "components/dist"), { recursive: true, force: true });
    });

    it("names the versions that the library is built with", () => {
        const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, string>>;
        const ours = read(join(root, "package.json")).dependencies ?? {};
        const theirs = read(join(example, "package.json")).dependencies ?? {};
        const peers = read(join(root, "components/package.json")).peerDependencies ?? {};
        for (const peer of Object.keys(peers)) expect([peer, theirs[peer]]).toEqual([peer, ours[peer]]);
    });

    it(
        "compiles strictly, the library's declarations included, and registers three components' resources",
        async () => {
            // Without skipLibCheck the compiler reads every declaration; only those of others may be at fault.
            const compiled = await run("npx", ["tsc", "-p", ".", "--skipLibCheck", "false"], { cwd: program }).catch(
                (error: { stdout: string }) => error,
            );
            const faults = compiled.stdout.split("\n").filter((line) => /^(index\.ts|node_modules\/@mlp\/)/.test(line));
            expect(faults).toEqual([]);

            const registered = await register();
            const components = registered.filter(({ type }) => type.startsWith("mlp:")).map(({ type }) => type);
            expect(components).toEqual(
                expect.arrayContaining(["mlp:index:ExistingCluster", "mlp:index:Training", "mlp:index:TrainingJob"]),
            );
            expect(registered.map(({ type }) => type)).toContain("kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob");
            const withoutProvider = registered.filter(
                ({ type, custom, provider }) => custom && !type.startsWith("pulumi:providers:") && !provider,
            );
            expect(withoutProvider).toEqual([]);
        },
        6 * MINUTES,
    );

    /** Runs the compiled program with the example's configuration. */
    async function register(): Promise<Registered[]> {
        const file = parse(readFileSync(join(example, "Pulumi.example.yaml"), "utf8")) as { config: object };
        const config = Object.entries({ ...file.config, "vision-training:kubeconfig": "{}" }).map(([key, value]) => [
            key,
            typeof value === "string" ? value : JSON.stringify(value),
        ]);
        const { key, cert } = selfSigned("127.0.0.1");
        const { stdout } = await run(
            process.execPath,
            [join(root, "test/support/record-program.cjs"), join(program, "index.js")],
            {
                cwd: program,
                maxBuffer: 1 << 24,
                env: {
                    ...process.env,
                    CONFIG: JSON.stringify(Object.fromEntries(config)),
                    PEM: JSON.stringify({ privateKeyPem: key, certPem: cert, certRequestPem: "request" }),
                },
            },
        );
        return JSON.parse(stdout) as Registered[];
    }
});
