import type { IncomingMessage, ServerResponse } from "node:http";

import type Provider from "oidc-provider";

import { Attempts } from "./attempts";
import type { Configuration } from "./configuration";
import { errorPage, signInPage } from "./pages";
import { matches } from "./passwords";

const MOST_BYTES = 4096;

/** The page between an application and the provider, on which people say who they are. */
export class SignIn {
    constructor(
        private readonly provider: Provider,
        private readonly configuration: Configuration,
        private readonly attempts = new Attempts(),
    ) {}

    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const details = await this.provider.interactionDetails(request, response).catch(() => undefined);
        if (details === undefined) {
            return send(response, 400, errorPage("Sign-in has ended", "It took too long: open the page again."));
        }
        const { uid } = details;
        if (request.method === "GET") return send(response, 200, signInPage({ uid }));
        if (request.method !== "POST") return send(response, 405, errorPage("Sign-in failed", "Only GET and POST."));
        // Another site's form carries another origin, whatever the browser's cookies are.
        if (request.headers.origin !== new URL(this.configuration.issuer).origin) {
            return send(response, 403, errorPage("Sign-in failed", "The form is of another site."));
        }
        const { name, password } = await credentialsOf(request);
        const wait = this.attempts.waitOf(name);
        if (wait > 0) {
            response.setHeader("retry-after", `${wait}`);
            const error = `Too many wrong passwords: try again in ${wait} s.`;
            return send(response, 429, signInPage({ uid, name, error }));
        }
        if (!(await matches(password, this.accountOf(name)?.password))) {
            this.attempts.failed(name);
            console.log(JSON.stringify({ event: "sign-in refused", name }));
            return send(response, 401, signInPage({ uid, name, error: "Name or password is wrong." }));
        }
        this.attempts.succeeded(name);
        console.log(JSON.stringify({ event: "signed in", name }));
        await this.provider.interactionFinished(request, response, { login: { accountId: name } });
    }

    private accountOf(name: string) {
        return Object.hasOwn(this.configuration.accounts, name) ? this.configuration.accounts[name] : undefined;
    }
}

async function credentialsOf(request: IncomingMessage): Promise<{ name: string; password: string }> {
    let body = "";
    for await (const chunk of request) {
        body += String(chunk);
        if (body.length > MOST_BYTES) throw new Error("a form of more than 4 KiB");
    }
    const form = new URLSearchParams(body);
    return { name: form.get("name") ?? "", password: form.get("password") ?? "" };
}

function send(response: ServerResponse, status: number, body: string): void {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
    response.end(body);
}
