import type { IncomingMessage, ServerResponse } from "node:http";

import type { Configuration } from "./configuration";
import { contentPolicy, errorPage } from "./pages";
import { providerOf, SIGN_IN_PATH } from "./provider";
import { SignIn } from "./sign-in";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What answers every request: probes, the sign-in page, and the provider for all else. */
export function handlerOf(configuration: Configuration): Handler {
    const provider = providerOf(configuration);
    const signIn = new SignIn(provider, configuration);
    const provide = provider.callback();
    const headers = securityHeaders(configuration);
    provider.on("server_error", (_, error: Error) => console.error(JSON.stringify({ error: error.message })));
    return (request, response) => {
        if (request.url === "/healthz") return void response.end("ok\n");
        for (const [name, value] of headers) response.setHeader(name, value);
        if (!request.url?.startsWith(SIGN_IN_PATH)) return void provide(request, response);
        signIn.answer(request, response).catch((error: Error) => {
            console.error(JSON.stringify({ error: error.message }));
            if (response.headersSent) return void response.destroy();
            response.writeHead(500, { "content-type": "text/html; charset=utf-8" });
            response.end(errorPage("Sign-in failed", "Try again."));
        });
    };
}

function securityHeaders({ clients }: Configuration): [string, string][] {
    const targets = clients.flatMap(({ redirectUris, signedOutUris }) => [...redirectUris, ...signedOutUris]);
    const origins = [...new Set(targets.map((uri) => new URL(uri).origin))];
    return [
        ["content-security-policy", contentPolicy(origins)],
        ["referrer-policy", "no-referrer"],
        ["x-content-type-options", "nosniff"],
        ["strict-transport-security", "max-age=31536000"],
        ["cache-control", "no-store"],
    ];
}
