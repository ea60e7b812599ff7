import { ChildProcess, spawn } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, scryptSync, verify } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Attempts } from "../../../services/identity-provider/attempts";
import { contentPolicy, signInPage } from "../../../services/identity-provider/pages";
import { matches } from "../../../services/identity-provider/passwords";
import { bundledProgram } from "../../../toolchain/bootstrap/program";
import { selfSigned } from "../../support/certificates";

const PASSWORD = "correct horse";
const CLIENT = { id: "gateway", secret: "s3cret", redirect: "https://argo.mlp.localhost:1/oauth2/callback" };

function stored(password: string): string {
    const salt = randomBytes(16);
    return `scrypt:${salt.toString("base64url")}:${scryptSync(password, salt, 32).toString("base64url")}`;
}

describe("passwords", () => {
    it("belong to what is stored of them and to nothing else", async () => {
        const one = stored(PASSWORD);
        await expect(matches(PASSWORD, one)).resolves.toBe(true);
        await expect(matches(`${PASSWORD} `, one)).resolves.toBe(false);
        await expect(matches("", undefined)).resolves.toBe(false);
        await expect(matches(PASSWORD, PASSWORD)).resolves.toBe(false);
    });
});

describe("attempts", () => {
    it("cost a pause from the fifth wrong password on, twice as long each time", () => {
        let now = 0;
        const attempts = new Attempts(() => now);
        for (let wrong = 1; wrong <= 4; wrong++) attempts.failed("ana");
        expect(attempts.waitOf("ana")).toBe(0);
        attempts.failed("ana");
        expect(attempts.waitOf("ana")).toBe(10);
        now += 10_000;
        expect(attempts.waitOf("ana")).toBe(0);
        attempts.failed("ana");
        expect(attempts.waitOf("ana")).toBe(20);
        expect(attempts.waitOf("ben")).toBe(0);
    });

    it("are forgotten after a right password", () => {
        const attempts = new Attempts(() => 0);
        for (let wrong = 1; wrong <= 9; wrong++) attempts.failed("ana");
        attempts.succeeded("ana");
        expect(attempts.waitOf("ana")).toBe(0);
    });
});

describe("pages", () => {
    it("never repeat a name as markup", () => {
        expect(signInPage({ uid: "u", name: '"><script>' })).not.toContain("<script>");
    });

    it("let forms lead to the applications alone", () => {
        expect(contentPolicy(["https://argo.mlp.localhost:1"])).toContain(
            "form-action 'self' https://argo.mlp.localhost:1;",
        );
    });
});

describe("the provider", () => {
    const folder = mkdtempSync(join(tmpdir(), "mlp-identity-"));
    const tls = selfSigned("127.0.0.1");
    let program: ChildProcess;
    let issuer: string;

    beforeAll(async () => {
        const port = await freePort();
        issuer = `https://127.0.0.1:${port}`;
        for (const name of ["configuration", "certificate"]) mkdirSync(join(folder, name));
        const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const pem = privateKey.export({ type: "pkcs1", format: "pem" });
        writeFileSync(join(folder, "main.mjs"), bundledProgram("services/identity-provider", "main.ts"));
        writeFileSync(join(folder, "configuration", "signing-key.pem"), pem);
        writeFileSync(join(folder, "configuration", "config.json"), JSON.stringify(configuration(issuer)));
        writeFileSync(join(folder, "certificate", "tls.crt"), tls.cert);
        writeFileSync(join(folder, "certificate", "tls.key"), tls.key);
        program = spawn(process.execPath, [join(folder, "main.mjs")], {
            env: {
                CONFIGURATION_PATH: join(folder, "configuration"),
                CERTIFICATE_PATH: join(folder, "certificate"),
                PORT: `${port}`,
            },
            stdio: ["ignore", "pipe", "inherit"],
        });
        await new Promise((resolve, reject) => {
            program.stdout?.on("data", (data: Buffer) => data.includes("listening") && resolve(undefined));
            program.once("exit", () => reject(new Error("it ended at its start")));
        });
    });

    afterAll(async () => {
        const ended = new Promise((resolve) => program.once("exit", resolve));
        program.kill("SIGKILL");
        await ended;
        rmSync(folder, { recursive: true });
    });

    it("gives whoever knows the password an ID token with name and groups, and renews it", async () => {
        const browser = new Browser(tls.cert);
        const { code, verifier } = await browser.signIn(issuer, PASSWORD);
        const given = await token(browser, issuer, { grant_type: "authorization_code", code, code_verifier: verifier });
        expect(given.status).toBe(200);
        const tokens = JSON.parse(given.body) as Record<string, string>;
        const claims = await verified(browser, issuer, tokens["id_token"]!);
        expect(claims).toMatchObject({ iss: issuer, aud: "gateway", email: "ana@mlp.localhost", groups: ["team-a"] });
        expect((claims["exp"] as number) - (claims["iat"] as number)).toBe(360);
        const twice = { grant_type: "refresh_token", refresh_token: tokens["refresh_token"]! };
        for (const again of [await token(browser, issuer, twice), await token(browser, issuer, twice)]) {
            expect(again.status).toBe(200);
            const renewed = JSON.parse(again.body) as Record<string, string>;
            expect(await verified(browser, issuer, renewed["id_token"]!)).toMatchObject({ groups: ["team-a"] });
        }
        const me = await browser.send("GET", `${issuer}/me`, undefined, {
            authorization: `Bearer ${tokens["access_token"]}`,
        });
        expect(JSON.parse(me.body)).toMatchObject({ sub: "ana", groups: ["team-a"] });
    });

    it("signs a second application in without asking again", async () => {
        const browser = new Browser(tls.cert);
        await browser.signIn(issuer, PASSWORD);
        const { location } = await browser.send("GET", authorization(issuer, "x".repeat(43)));
        expect(location).toMatch(/^https:\/\/argo\.mlp\.localhost:1\/oauth2\/callback\?code=/);
    });

    it("refuses a wrong password, and after five of them even the right one for a while", async () => {
        const browser = new Browser(tls.cert);
        const page = await browser.open(authorization(issuer, "y".repeat(43)));
        const attempt = (password: string) => browser.post(page.url, { name: "ben", password }, issuer);
        for (let wrong = 1; wrong <= 5; wrong++) expect((await attempt("guess")).status).toBe(401);
        expect((await attempt(PASSWORD)).status).toBe(429);
    });

    it.each([
        ["no PKCE", { code_challenge: "", code_challenge_method: "" }],
        ["a plain challenge", { code_challenge_method: "plain" }],
        ["the implicit flow", { response_type: "id_token" }],
    ])("refuses %s", async (_, change) => {
        const { location } = await new Browser(tls.cert).send("GET", authorization(issuer, "z".repeat(43), change));
        expect(location).toContain("error=");
    });

    it("refuses a place to go back to that the client has not named", async () => {
        const url = authorization(issuer, "z".repeat(43), { redirect_uri: "https://evil.example/" });
        const { status, location } = await new Browser(tls.cert).send("GET", url);
        expect([status, location]).toEqual([400, undefined]);
    });

    it("refuses the form of another site", async () => {
        const browser = new Browser(tls.cert);
        const page = await browser.open(authorization(issuer, "w".repeat(43)));
        const sent = await browser.post(page.url, { name: "ana", password: PASSWORD }, "https://evil.example");
        expect(sent.status).toBe(403);
    });

    it("refuses a client that does not know its secret", async () => {
        const browser = new Browser(tls.cert);
        const { code, verifier } = await browser.signIn(issuer, PASSWORD);
        const form = { grant_type: "authorization_code", code, code_verifier: verifier };
        expect((await token(browser, issuer, form, "wrong")).status).toBe(401);
    });

    it("says that it lives", async () => {
        expect((await new Browser(tls.cert).send("GET", `${issuer}/healthz`)).status).toBe(200);
    });
});

function configuration(issuer: string) {
    const account = (name: string) => ({
        email: `${name}@mlp.localhost`,
        groups: ["team-a"],
        password: stored(PASSWORD),
    });
    return {
        issuer,
        accounts: { ana: account("ana"), ben: account("ben") },
        clients: [
            {
                id: CLIENT.id,
                secret: CLIENT.secret,
                authentication: "client_secret_basic",
                redirectUris: [CLIENT.redirect],
                signedOutUris: [],
            },
        ],
        cookieKeys: ["k".repeat(32)],
        tokenSeconds: 300,
        sessionSeconds: 3600,
    };
}

function authorization(issuer: string, verifier: string, change: Record<string, string> = {}): string {
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const query = {
        client_id: CLIENT.id,
        redirect_uri: CLIENT.redirect,
        response_type: "code",
        scope: "openid profile email groups",
        code_challenge: challenge,
        code_challenge_method: "S256",
        state: "s",
        ...change,
    };
    const given = Object.entries(query).filter(([, value]) => value !== "");
    return `${issuer}/auth?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
}

async function token(browser: Browser, issuer: string, form: Record<string, string>, secret = CLIENT.secret) {
    const basic = Buffer.from(`${CLIENT.id}:${secret}`).toString("base64");
    const all = { ...form, redirect_uri: CLIENT.redirect };
    return browser.post(`${issuer}/token`, all, undefined, { authorization: `Basic ${basic}` });
}

async function verified(browser: Browser, issuer: string, jwt: string): Promise<Record<string, unknown>> {
    const { body } = await browser.send("GET", `${issuer}/jwks`);
    const [key] = (JSON.parse(body) as { keys: Record<string, string>[] }).keys;
    const [head = "", claims = "", signature = ""] = jwt.split(".");
    const publicKey = createPublicKey({ key: key!, format: "jwk" });
    const good = verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url"));
    expect(good).toBe(true);
    return JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
}

interface Answer {
    status: number;
    location: string | undefined;
    body: string;
    url: string;
}

/** Keeps cookies as a browser does, and follows redirects only when told. */
class Browser {
    private readonly cookies = new Map<string, string>();

    constructor(private readonly ca: string) {}

    async signIn(issuer: string, password: string): Promise<{ code: string; verifier: string }> {
        const verifier = randomBytes(32).toString("base64url");
        const page = await this.open(authorization(issuer, verifier));
        const answer = await this.follow(await this.post(page.url, { name: "ana", password }, issuer));
        const code = new URL(answer.location ?? "").searchParams.get("code");
        return { code: code ?? "", verifier };
    }

    async open(url: string): Promise<Answer> {
        return this.follow(await this.send("GET", url));
    }

    private async follow(answer: Answer): Promise<Answer> {
        const next = answer.location === undefined ? undefined : new URL(answer.location, answer.url);
        if (next === undefined || next.origin !== new URL(answer.url).origin) return answer;
        return this.follow(await this.send("GET", next.href));
    }

    post(url: string, form: Record<string, string>, origin?: string, headers: Record<string, string> = {}) {
        const body = new URLSearchParams(form).toString();
        const type = {
            "content-type": "application/x-www-form-urlencoded",
            ...(origin !== undefined && { origin }),
        };
        return this.send("POST", url, body, { ...type, ...headers });
    }

    send(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        return new Promise((resolve, reject) => {
            const sent = request(url, { method, ca: this.ca, headers: { cookie, ...headers } }, (response) => {
                for (const line of response.headers["set-cookie"] ?? []) {
                    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
                    this.cookies.set(name, value);
                }
                let text = "";
                response.on("data", (chunk: Buffer) => (text += chunk.toString()));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, location: response.headers.location, body: text, url }),
                );
            });
            sent.on("error", reject);
            sent.end(body);
        });
    }
}

function freePort(): Promise<number> {
    const server = createServer();
    return new Promise((resolve) => {
        server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
        });
    });
}
