import { request } from "node:https";

import { Browser } from "../../support/browser";
import { EntranceOf } from "../../support/entrance";
import { LocalPlatform } from "../../support/local-platform";

const [TEAM, OTHER] = (process.env.MLP_TEAMS ?? "vision,language").split(",") as [string, string];
const NAMESPACE = `team-${TEAM}`;

describe("sign-in", () => {
    jest.setTimeout(300_000);
    let platform: LocalPlatform;
    let entrance: EntranceOf;
    beforeAll(async () => {
        platform = await LocalPlatform.find();
        entrance = await EntranceOf.find(platform);
    });

    const workflows = () => `${entrance.urls.argo}api/v1/workflows/${NAMESPACE}`;
    const experiments = () => `${entrance.urls.mlflow}api/2.0/mlflow/experiments/search?max_results=5`;
    const bearer = (token: string, more: Record<string, string> = {}) => ({
        authorization: `Bearer ${token}`,
        ...more,
    });

    it("is asked for once in a browser, and opens Argo and MLflow alike", async () => {
        const browser = await Browser.open("sign-in", { ownCa: true });
        try {
            const { page } = browser;
            await page.goto(`${entrance.urls.argo}workflows/${NAMESPACE}`, { waitUntil: "domcontentloaded" });
            expect(new URL(page.url()).host).toBe(new URL(entrance.issuer).host);
            await browser.keep("form");
            await browser.fill("Name", TEAM);
            await browser.fill("Password", "not the password");
            await browser.click("Sign in");
            await browser.reads(/Name or password is wrong/);
            await browser.keep("wrong-password");
            await browser.fill("Name", TEAM);
            await browser.fill("Password", entrance.passwords.get(TEAM) ?? "");
            await browser.page.locator("button[type=submit]").click();
            await browser.reads(/Workflows/);
            expect(new URL(page.url()).origin).toBe(new URL(entrance.urls.argo ?? "").origin);
            await browser.keep("argo");
            await page.goto(`${entrance.urls.mlflow}#/?workspace=${NAMESPACE}`, { waitUntil: "domcontentloaded" });
            await browser.reads(/Experiments/);
            expect(new URL(page.url()).origin).toBe(new URL(entrance.urls.mlflow ?? "").origin);
            await browser.keep("mlflow");
            const cookies = await page.createCDPSession().then((session) => session.send("Storage.getCookies"));
            const own = cookies.cookies.filter(({ name }) => /^(IdToken|AccessToken|RefreshToken)-/.test(name));
            expect(own.length).toBeGreaterThan(0);
            for (const { httpOnly, secure, value } of own) {
                expect([httpOnly, secure, value.startsWith("eyJ")]).toEqual([true, true, false]);
            }
        } finally {
            await browser.close();
        }
    });

    it("shows a person another team's pages as forbidden", async () => {
        const browser = await Browser.open("sign-in-other-team", { ownCa: true });
        try {
            const { page } = browser;
            await page.goto(`${entrance.urls.argo}workflows/${NAMESPACE}`, { waitUntil: "domcontentloaded" });
            await browser.fill("Name", OTHER);
            await browser.fill("Password", entrance.passwords.get(OTHER) ?? "");
            await browser.page.locator("button[type=submit]").click();
            await browser.reads(/[Ff]orbidden|not allowed|permission/);
            await browser.keep("forbidden");
            expect(browser.complaints.some((line) => line.startsWith("403"))).toBe(true);
        } finally {
            await browser.close();
        }
    });

    it("sends a person without a session to the provider, and answers a page's own requests with 401", async () => {
        const page = await entrance.ask(workflows(), { "sec-fetch-mode": "navigate" });
        expect([page.status, page.location?.startsWith(`${entrance.issuer}/auth?`)]).toEqual([302, true]);
        expect((await entrance.ask(workflows(), { "sec-fetch-mode": "cors" })).status).toBe(401);
    });

    it("lets a program in that brings a token of the provider", async () => {
        const token = await entrance.token(TEAM, [`team-${TEAM}`]);
        expect(await entrance.ask(workflows(), bearer(token))).toMatchObject({ status: 200 });
        const asked = await entrance.ask(experiments(), bearer(token, { "x-mlflow-workspace": NAMESPACE }));
        expect(asked).toMatchObject({ status: 200 });
    });

    const past = () => Math.floor(Date.now() / 1000) - 600;
    it.each([
        ["has ended", () => entrance.token(TEAM, [`team-${TEAM}`], { exp: past(), iat: past() - 600 })],
        ["is signed by another key", () => Promise.resolve(entrance.forged(TEAM, [`team-${TEAM}`]))],
        ["is for another application", () => entrance.token(TEAM, [`team-${TEAM}`], { aud: "somebody-else" })],
        ["is of another provider", () => entrance.token(TEAM, [`team-${TEAM}`], { iss: "https://id.example.org" })],
        ["is none", () => Promise.resolve("forged")],
    ])("refuses a token that %s, at the gateway and at the API server", async (_, make) => {
        const token = await make();
        expect((await entrance.ask(workflows(), bearer(token))).status).toBe(401);
        const asked = await entrance.ask(experiments(), bearer(token, { "x-mlflow-workspace": NAMESPACE }));
        expect(asked.status).toBe(401);
        expect((await apiServer(platform, token, "/api/v1/namespaces/default/pods")).status).toBe(401);
    });

    it("forbids what belongs to another team", async () => {
        const token = await entrance.token(OTHER, [`team-${OTHER}`]);
        expect((await entrance.ask(workflows(), bearer(token))).status).toBe(403);
        const asked = await entrance.ask(experiments(), bearer(token, { "x-mlflow-workspace": NAMESPACE }));
        expect(asked.status).toBe(403);
        expect((await apiServer(platform, token, `/api/v1/namespaces/${NAMESPACE}/pods`)).status).toBe(403);
        expect((await apiServer(platform, token, `/api/v1/namespaces/team-${OTHER}/pods`)).status).toBe(200);
    });

    it("gives nobody a name of the cluster's own", async () => {
        const token = await entrance.token("system:admin", ["system:masters"]);
        const answer = await apiServer(platform, token, "/api/v1/secrets");
        expect([401, 403]).toContain(answer.status);
    });

    it("shows administrators every team and no Secret", async () => {
        const token = await entrance.token("admin", ["platform-admins"]);
        expect((await entrance.ask(workflows(), bearer(token))).status).toBe(200);
        expect((await apiServer(platform, token, "/api/v1/secrets")).status).toBe(403);
    });
});

/** The API server itself, as kubectl with that token asks it. */
function apiServer({ cluster }: LocalPlatform, token: string, path: string): Promise<{ status: number }> {
    return new Promise((resolve, reject) => {
        // Its own certificate is not what is looked at here.
        const options = { headers: { authorization: `Bearer ${token}` }, rejectUnauthorized: false };
        const sent = request(`${cluster.apiUrl}${path}`, options, (response) => {
            response.resume();
            resolve({ status: response.statusCode ?? 0 });
        });
        sent.on("error", reject);
        sent.end();
    });
}
