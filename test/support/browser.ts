import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Browser as Chromium, launch, Page } from "puppeteer-core";

import { repositoryRoot } from "../../toolchain/paths";
import { chromium } from "./browser-program";

const WAIT_MILLISECONDS = 60_000;

/** A real browser with one page, as a person has it; what it shows can be kept as pictures. */
export class Browser {
    /** What the page reported as an error: an exception of its script, or an answer that says failure. */
    readonly complaints: string[] = [];
    private pictures = 0;

    private constructor(
        readonly page: Page,
        private readonly chromium: Chromium,
        /** Where the pictures lie. */
        readonly folder: string,
    ) {
        page.on("pageerror", (error) => this.complaints.push(String(error)));
        page.on("response", (response) => {
            if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`);
        });
    }

    /**
     * Pictures go below test/output/ into a folder of the test's name, which is emptied first. `ownCa`: pages show a
     * certificate of the platform's own CA, which a person has given the browser.
     */
    static async open(test: string, { ownCa = false }: { readonly ownCa?: boolean } = {}): Promise<Browser> {
        const output = join(repositoryRoot, "test", "output");
        const folder = join(output, test);
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(output, ".gitignore"), "*\n");
        const program = await chromium();
        const started = await launch({
            executablePath: program.path,
            env: { ...process.env, ...program.environment },
            headless: "shell",
            acceptInsecureCerts: ownCa,
            // No port that others on the machine could reach.
            pipe: true,
            // Its sandbox wants a user who is not root. It is shown pages of our own platform alone.
            args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"],
        });
        const [first] = await started.pages();
        const page = first ?? (await started.newPage());
        await page.setViewport({ width: 1600, height: 1000 });
        page.setDefaultTimeout(WAIT_MILLISECONDS);
        return new Browser(page, started, folder);
    }

    /** Opens a page of the site that is open. */
    async visit(path: string): Promise<void> {
        await this.page.goto(new URL(path, this.page.url()).href, { waitUntil: "domcontentloaded" });
    }

    /** What a person reads on the page now. */
    async text(): Promise<string> {
        return String(await this.page.evaluate("document.body.innerText"));
    }

    /** Waits until a person reads that on the page; fails with what is there instead. */
    async reads(wanted: RegExp, milliseconds = WAIT_MILLISECONDS): Promise<string> {
        for (const end = Date.now() + milliseconds; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
            // While a page changes there is none to ask.
            const text = await this.text().catch(() => "");
            if (wanted.test(text)) return text;
            if (Date.now() < end) continue;
            const picture = await this.keep("not-found");
            const said = this.complaints.slice(-5).join("\n");
            throw new Error(`The page does not say ${String(wanted)} (${picture}):\n${text}\n${said}`);
        }
    }

    /** Clicks what carries that text, or that label; the innermost where several lie in one another. */
    async click(text: string): Promise<void> {
        await this.page.locator(`::-p-text(${text})`).click();
    }

    /** Writes into the field of that label, in place of what is there. */
    async fill(label: string, text: string): Promise<void> {
        const field = `label[normalize-space()="${label}"]/following-sibling::*[self::textarea or self::input]`;
        await this.page.locator(`::-p-xpath(//${field})`).fill(text);
    }

    /**
     * Keeps a picture of the page and says where.
     *
     * @returns its path.
     */
    async keep(name: string): Promise<string> {
        this.pictures += 1;
        const path = join(this.folder, `${String(this.pictures).padStart(2, "0")}-${name}.png`);
        await this.page.screenshot({ path });
        process.stdout.write(`picture: ${path}\n`);
        return path;
    }

    close(): Promise<void> {
        return this.chromium.close();
    }
}
