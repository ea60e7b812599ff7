import { ChildProcess, spawn, StdioOptions } from "node:child_process";

import { repositoryRoot } from "../../../toolchain/paths";
import { Browser } from "../../support/browser";
import { eventually, LocalPlatform } from "../../support/local-platform";

const TEAM = "vision";
const NAMESPACE = `team-${TEAM}`;
const TEMPLATE = "digits";
const EXPERIMENT = "digits";
const METRIC = "accuracy";

interface Workflow {
    readonly metadata: { readonly name: string; readonly creationTimestamp: string };
    readonly spec: { readonly arguments?: { readonly parameters?: readonly { name: string; value: string }[] } };
    readonly status?: { readonly phase?: string; readonly message?: string };
}

/** `mlp ui` while it runs, with the URLs that it has printed. */
class Pages {
    private constructor(
        private readonly command: ChildProcess,
        readonly output: string,
    ) {}

    static async open(): Promise<Pages> {
        // Without npx between, which would take the interruption for its own end.
        const args = ["--import", "tsx", "cli/main.ts", "ui", "--team", TEAM];
        const stdio: StdioOptions = ["ignore", "pipe", "inherit"];
        const command = spawn(process.execPath, args, { cwd: repositoryRoot, stdio, detached: true });
        if (command.stdout === null) throw new Error("`mlp ui` has no output");
        let output = "";
        command.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
        const printed = () => (output.includes("Ctrl-C ends it") ? true : undefined);
        await eventually("`mlp ui` prints its URLs", printed, 60);
        return new Pages(command, output);
    }

    url(title: string): string {
        const line = this.output.split("\n").find((one) => one.startsWith(title));
        return /https?:\S+/.exec(line ?? "")?.[0] ?? `nothing for ${title} in: ${this.output}`;
    }

    async close(): Promise<number | null> {
        const ended = new Promise<number | null>((resolve) => this.command.once("exit", resolve));
        if (this.command.pid !== undefined) process.kill(-this.command.pid, "SIGINT");
        return ended;
    }
}

describe("the platform's pages in a real browser", () => {
    jest.setTimeout(600_000);
    let platform: LocalPlatform;
    let pages: Pages;
    let browser: Browser;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
        // The example leaves its template, and the first of the two runs that are compared.
        if (platform.kubectl(["get", "workflowtemplate", TEMPLATE, "-n", NAMESPACE]).code !== 0) {
            const example = await platform.mlp(["example", "pipeline", "--set", "epochs=2"]);
            if (example.code !== 0) throw new Error(example.output);
        }
        pages = await Pages.open();
        browser = await Browser.open("ui");
    });
    afterAll(async () => {
        await browser.close();
        expect(await pages.close()).toBe(0);
    });

    const workflows = () =>
        platform
            .get<{ items: Workflow[] }>("workflows.argoproj.io", "-n", NAMESPACE)
            .items.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));

    it("submit the example with changed parameters in Argo, and show its graph to the end", async () => {
        await browser.page.goto(pages.url("Argo Workflows"));
        // Argo greets a new browser twice: with a question, and with what is new.
        await browser.reads(/Tell us what you want to use Argo for/);
        await browser.click("×");
        await browser.keep("argo-workflows");

        const before = workflows().map(({ metadata }) => metadata.name);
        await browser.visit(`/workflow-templates/${NAMESPACE}/${TEMPLATE}`);
        await browser.reads(/has just been installed/);
        await browser.click("×");
        await browser.page.locator("button::-p-text(Submit)").click();
        await browser.fill("epochs", "3");
        await browser.keep("argo-submit");
        await browser.page.locator(".sliding-panel--opened button::-p-text(Submit)").click();

        const ofTemplate = ({ metadata }: Workflow) => metadata.name.startsWith(`${TEMPLATE}-`);
        const submitted = await eventually("the workflow is there", () =>
            workflows().find((one) => ofTemplate(one) && !before.includes(one.metadata.name)),
        );
        const parameters = submitted.spec.arguments?.parameters ?? [];
        expect(parameters).toContainEqual(expect.objectContaining({ name: "epochs", value: "3" }));

        const { name } = submitted.metadata;
        await browser.visit(`/workflows/${NAMESPACE}/${name}`);
        for (const step of ["load", "register"]) await browser.reads(new RegExp(step), 600_000);
        await browser.keep("argo-graph-running");
        const end = await eventually(
            "the workflow ends",
            () => {
                const status = workflows().find(({ metadata }) => metadata.name === name)?.status;
                return ["Succeeded", "Failed", "Error"].includes(status?.phase ?? "") ? status : undefined;
            },
            600,
        );
        expect(end).toMatchObject({ phase: "Succeeded" });
        // A workflow that has ended can no longer be stopped.
        for (const end = Date.now() + 60_000; /STOP/.test(await browser.reads(/promote/)) && Date.now() < end;) {
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        expect(await browser.text()).not.toMatch(/STOP|TERMINATE/);
        await browser.keep("argo-graph-finished");
        await browser.visit(`/workflows/${NAMESPACE}/${name}?tab=summary`);
        await browser.reads(/Succeeded/);
        await browser.keep("argo-summary");
    });

    it("compare the two newest runs in MLflow, by name and by what they measured", async () => {
        await browser.page.goto(pages.url("MLflow"));
        await browser.reads(/Experiments/);
        const { experiment, runs } = await newestRuns();
        expect(runs).toHaveLength(2);
        await browser.visit(`/#/experiments/${experiment}/runs?workspace=${NAMESPACE}`);
        for (const { name } of runs) await browser.reads(new RegExp(name));
        await browser.keep("mlflow-runs");

        const compared = new URLSearchParams({
            // The page knows them by being first.
            runs: JSON.stringify(runs.map(({ id }) => id)),
            experiments: JSON.stringify([experiment]),
            workspace: NAMESPACE,
        });
        await browser.visit(`/#/compare-runs?${compared.toString()}`);
        for (const { name } of runs) await browser.reads(new RegExp(name));
        await browser.reads(new RegExp(METRIC));
        await browser.keep("mlflow-compare");
    });

    /** As the page itself asks: the relay says in whose name. */
    const newestRuns = async (): Promise<{ experiment: string; runs: { id: string; name: string }[] }> => {
        const program = `(async () => {
            const ask = async (path, body) => {
                const answer = await fetch("/ajax-api/2.0/mlflow/" + path, {
                    method: body ? "POST" : "GET",
                    headers: { "content-type": "application/json" },
                    body: body && JSON.stringify(body),
                });
                if (!answer.ok) throw new Error(path + ": " + answer.status + " " + (await answer.text()));
                return answer.json();
            };
            const { experiment } = await ask("experiments/get-by-name?experiment_name=${EXPERIMENT}");
            const query = { experiment_ids: [experiment.experiment_id], filter: "metrics.${METRIC} > 0", max_results: 2 };
            const { runs } = await ask("runs/search", { ...query, order_by: ["attributes.start_time DESC"] });
            return {
                experiment: experiment.experiment_id,
                runs: runs.map(({ info }) => ({ id: info.run_id, name: info.run_name })),
            };
        })()`;
        return browser.page.evaluate(program) as ReturnType<typeof newestRuns>;
    };
});
