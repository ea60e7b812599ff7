import { ChildProcess, spawn } from "node:child_process";

import { repositoryRoot } from "../../toolchain/paths";
import { Browser } from "../support/browser";
import { eventually, LocalPlatform } from "../support/local-platform";

const TEAM = "vision";
const NAMESPACE = `team-${TEAM}`;
const TEMPLATE = "digits";

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
        const args = ["--no-install", "tsx", "cli/main.ts", "ui", "--team", TEAM];
        const command = spawn("npx", args, {
            cwd: repositoryRoot,
            stdio: ["ignore", "pipe", "inherit"],
            detached: true,
        });
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
    jest.setTimeout(900_000);
    let platform: LocalPlatform;
    let pages: Pages;
    let browser: Browser;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
        // It leaves its template.
        const example = await platform.mlp(["example", "pipeline"]);
        if (example.code !== 0) throw new Error(example.output);
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

        const before = workflows().length;
        await browser.visit(`/workflow-templates/${NAMESPACE}/${TEMPLATE}`);
        await browser.reads(/has just been installed/);
        await browser.click("×");
        await browser.page.locator("button::-p-text(Submit)").click();
        await browser.fill("epochs", "3");
        await browser.keep("argo-submit");
        await browser.page.locator(".sliding-panel--opened button::-p-text(Submit)").click();

        const [submitted] = await eventually("the workflow is there", () => {
            const now = workflows();
            return now.length > before ? now.slice(-1) : undefined;
        });
        const parameters = submitted!.spec.arguments?.parameters ?? [];
        expect(parameters).toContainEqual(expect.objectContaining({ name: "epochs", value: "3" }));

        const { name } = submitted!.metadata;
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
        await browser.visit(`/workflows/${NAMESPACE}/${name}?tab=workflow`);
        await browser.reads(/Succeeded/);
        await browser.keep("argo-graph-finished");
    });
});
