import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { scripts } from "../../../package.json";
import { stepsOf } from "../../check";

const ROOT = join(__dirname, "..", "..", "..");
const FOLDER = join(ROOT, ".github", "workflows");

interface Step {
    readonly uses?: string;
    readonly run?: string;
    readonly if?: string;
    readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
    readonly uses?: string;
    readonly steps?: readonly Step[];
    readonly environment?: string;
    readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
    readonly permissions?: Readonly<Record<string, string>>;
    readonly strategy?: { readonly matrix: { readonly environment: readonly string[] } };
    readonly with?: Readonly<Record<string, string>>;
    readonly needs?: string;
    readonly if?: string;
}

interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly jobs: Readonly<Record<string, Job>>;
}

const texts = new Map(readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), "utf8")]));
const workflows = [...texts].map(([file, text]) => [file, parse(text) as Workflow, text] as const);
const jobs = workflows.flatMap(([, { jobs: all }]) => Object.values(all));
const steps = jobs.flatMap((job) => job.steps ?? []);

function named(file: string): Workflow {
    return parse(texts.get(file) ?? "") as Workflow;
}

/** The npm scripts that a shell command calls. */
function scriptsIn(command: string): string[] {
    return [...command.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script = ""]) => script);
}

describe.each(workflows)("%s", (file, workflow, text) => {
    it("pins every action to a commit and says which version that is", () => {
        const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) {
            expect(line).toMatch(
                /uses: (\.\/\.github\/workflows\/[\w-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
            );
        }
    });

    it("reads the repository and nothing more, but for the token of a job that takes a role", () => {
        expect(workflow.permissions).toEqual({ contents: "read" });
        for (const job of Object.values(workflow.jobs)) {
            const { contents, "id-token": token, ...others } = job.permissions ?? { contents: "read" };
            expect([contents, others]).toEqual(["read", {}]);
            expect(token).toBe(job.uses !== undefined || job.environment !== undefined ? "write" : undefined);
        }
    });

    it("holds no secret and asks for none", () => {
        expect(text).not.toMatch(/secrets\.|AKIA[0-9A-Z]{16}|arn:aws:iam::\d+|access-key|password|passphrase/i);
    });

    it("does not let a pull request's text become a command, nor run it with the base's rights", () => {
        expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
        const commands = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);
        for (const { run = "" } of commands) expect(run).not.toContain("${{");
    });

    it("says that it was never run", () => {
        expect(text).toMatch(/never run: no GitHub runner and no AWS account were at hand/);
        expect(file).toMatch(/\.yml$/);
    });
});

describe("the workflows together", () => {
    it("use one commit of each action", () => {
        const pins = new Set(steps.flatMap(({ uses }) => uses ?? []));
        const actions = new Set([...pins].map((pin) => pin.split("@")[0]));
        expect(pins.size).toBe(actions.size);
        expect([...actions].sort()).toEqual([
            "actions/checkout",
            "actions/setup-node",
            "aws-actions/configure-aws-credentials",
        ]);
    });

    it("leave no token in the checkout and run no install scripts", () => {
        for (const { uses, with: options } of steps) {
            if (uses?.startsWith("actions/checkout@")) expect(options).toEqual({ "persist-credentials": false });
        }
        const installs = steps.filter(({ run }) => run?.includes("npm ci"));
        expect(installs).toHaveLength(2);
        for (const { run } of installs) expect(run).toContain("--ignore-scripts");
    });

    it("run npm scripts that exist", () => {
        const called = steps.flatMap(({ run = "" }) => scriptsIn(run));
        expect(new Set(called)).toEqual(new Set(["check", "up"]));
        for (const script of called) expect(Object.keys(scripts)).toContain(script);
    });

    it("call workflows that exist, in modes that these know, for environments with a stack file", () => {
        const modes = named("environment.yml").jobs.run!.steps!.flatMap(({ if: condition }) => condition ?? []);
        for (const { uses, with: input, strategy } of jobs.filter((job) => job.uses !== undefined)) {
            expect(existsSync(join(ROOT, uses!))).toBe(true);
            expect(modes).toContain(`inputs.mode == '${input!.mode}'`);
            for (const environment of strategy?.matrix.environment ?? [input!.environment!]) {
                expect(existsSync(join(ROOT, "stacks", `Pulumi.${environment}.yaml`))).toBe(true);
            }
        }
    });

    it("let one run at a time change an environment, and never cancel it", () => {
        const { concurrency, environment } = named("environment.yml").jobs.run!;
        expect(concurrency).toEqual({ group: "environment-${{ inputs.environment }}", "cancel-in-progress": false });
        expect(environment).toBe("${{ inputs.identity }}");
    });
});

describe("a pull request", () => {
    const { check, preview } = named("pull-request.yml").jobs;

    it("runs the command that everybody can run", () => {
        expect(check!.steps!.map(({ run }) => run).filter(Boolean)).toEqual([
            "npm ci --ignore-scripts --no-audit --no-fund",
            "npm run check",
        ]);
        expect(scripts.check).toBe("tsx test/check.ts");
    });

    it("previews every environment under a role that only reads, but not for forks", () => {
        expect(preview!.strategy?.matrix.environment).toEqual(["dev", "staging", "prod"]);
        expect(preview!.with).toMatchObject({ mode: "preview", identity: "${{ matrix.environment }}-preview" });
        expect(preview!.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    });
});

it("a deployment goes through dev and staging before prod, each under its own identity", () => {
    const { dev, staging, prod } = named("deploy.yml").jobs;
    expect([dev!.needs, staging!.needs, prod!.needs]).toEqual([undefined, "dev", "staging"]);
    expect([dev!, staging!, prod!].map((job) => [job.with?.identity, job.with?.mode])).toEqual([
        ["dev", "up"],
        ["staging", "up"],
        ["prod", "up"],
    ]);
});

it("drift is looked for every night, under a role that only reads", () => {
    const { on, jobs: all } = named("drift.yml");
    expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }]);
    expect(all.drift!.with).toMatchObject({ mode: "drift", identity: "${{ matrix.environment }}-preview" });
});

describe("npm run check", () => {
    it("checks types, lint, units and policies", () => {
        expect(stepsOf([])!.map(({ name }) => name)).toEqual(["types", "lint and format", "unit and policy tests"]);
        for (const { command } of stepsOf([])!) {
            for (const script of scriptsIn(command.join(" "))) expect(Object.keys(scripts)).toContain(script);
        }
    });

    it.each([
        ["--preview", "npm run --silent up -- --preview --env dev"],
        ["--drift", "npm run --silent up -- --preview --drift --env dev"],
    ])("%s asks for each environment", (mode, command) => {
        const found = stepsOf([mode, "dev", "prod"])!;
        expect(found).toHaveLength(2);
        expect(found[0]!.command.join(" ")).toBe(command);
    });

    it.each([[["--preview"]], [["dev"]], [["--deploy", "dev"]]])("does not guess what %j means", (args) => {
        expect(stepsOf(args)).toBeUndefined();
    });
});
