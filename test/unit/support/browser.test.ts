import { readFileSync } from "node:fs";
import { createServer, Server } from "node:http";
import { AddressInfo } from "node:net";

import { Browser } from "../../support/browser";
import { chromium } from "../../support/browser-program";

describe("a real browser", () => {
    jest.setTimeout(180_000);
    const pages: Record<string, string> = {
        "/": `<h1 id=h></h1><button onclick="h.textContent='clicked'">Press me</button>
            <script>h.textContent = "from a script"</script>`,
        "/broken": `<script>throw new Error("of the page")</script><img src="/missing">`,
    };
    let server: Server;
    let browser: Browser;
    beforeAll(async () => {
        server = createServer(({ url = "" }, response) => {
            const page = pages[url];
            response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html" });
            response.end(page);
        }).listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        browser = await Browser.open("browser");
    });
    afterAll(async () => {
        server.close();
        server.closeAllConnections();
        await browser.close();
    });

    const open = (path: string) =>
        browser.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

    it("runs scripts, clicks and reads", async () => {
        await open("/");
        await browser.reads(/from a script/);
        await browser.click("Press me");
        expect(await browser.reads(/clicked/)).not.toMatch(/from a script/);
        // Chromium asks for an icon by itself.
        expect(browser.complaints.filter((one) => !one.endsWith("/favicon.ico"))).toEqual([]);
    });

    it("keeps what it shows as a picture", async () => {
        await open("/");
        const picture = await browser.keep("page");
        expect(picture).toMatch(/test\/output\/browser\/\d\d-page\.png$/);
        expect(readFileSync(picture).subarray(1, 4).toString()).toBe("PNG");
    });

    it("fails with what the page says and what it complained of", async () => {
        await open("/broken");
        await expect(browser.reads(/never/, 1000)).rejects.toThrow(/does not say \/never\/[^]*of the page/);
        expect(browser.complaints.join("\n")).toMatch(/404 .*\/missing/);
    });
});

describe("the program of a browser", () => {
    it("is the machine's own where the package has none, and else says what to install", async () => {
        await expect(chromium("arm64", ["/nowhere"])).rejects.toThrow(/install one of chromium/);
    });
});
