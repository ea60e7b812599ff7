import * as http from "node:http";
import * as https from "node:https";

import { isObject, JsonObject, parseJson } from "../base/json";
import { ApiError, isTransient, Unreachable } from "./api-error";
import { Settings } from "./config";
import { Endpoint, loadEndpoint } from "./credentials";
import { sleep } from "./time";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface Call {
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: JsonObject | readonly JsonObject[];
    readonly contentType?: string;
}

export interface Answer {
    readonly body: JsonObject;
    /** What the server warns of: unknown fields, deprecated versions. */
    readonly warnings: readonly string[];
}

interface RawAnswer {
    readonly status: number;
    readonly text: string;
    readonly warnings: readonly string[];
    readonly retryAfter: number;
}

/** Credentials are read again after this long: certificates rotate and tokens end. */
const CREDENTIALS_LIFETIME = 60_000;
const RESET = new Set(["ECONNRESET", "EPIPE"]);

/** Speaks to the API server: JSON in, JSON out, over connections that stay open. */
export class Client {
    private endpoint: Promise<Endpoint> | undefined;
    private options: { readonly until: number; readonly value: Promise<https.RequestOptions> } | undefined;
    private agent: http.Agent | undefined;

    constructor(
        private readonly settings: Settings,
        private readonly cancelled: AbortSignal,
    ) {}

    /** The namespace of objects that name none. */
    async defaultNamespace(): Promise<string> {
        return (await this.connect()).namespace;
    }

    async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<JsonObject> {
        return (await this.call("GET", path, { query })).body;
    }

    /** The text of an answer that is no JSON: logs. */
    async text(path: string, query: Readonly<Record<string, string>>): Promise<string> {
        return (await this.send("GET", path, { query })).text;
    }

    async call(method: Method, path: string, call: Call = {}): Promise<Answer> {
        for (let attempt = 0; ; attempt++) {
            const { status, text, warnings, retryAfter } = await this.send(method, path, call);
            if (status < 300) return { body: parseBody(text), warnings };
            const error = new ApiError(status, parseBody(text), `${method} ${path}`);
            if (status !== 429 || attempt >= 5 || !isTransient(error)) throw error;
            await sleep(retryAfter * 1000, this.cancelled);
        }
    }

    private connect(): Promise<Endpoint> {
        this.endpoint ??= loadEndpoint(this.settings);
        return this.endpoint;
    }

    private async authenticated(endpoint: Endpoint): Promise<https.RequestOptions> {
        if (this.options === undefined || this.options.until < Date.now()) {
            this.options = { until: Date.now() + CREDENTIALS_LIFETIME, value: endpoint.authenticate() };
            this.agent = keptOpen(endpoint.url, await this.options.value);
        }
        return this.options.value;
    }

    private async send(method: Method, path: string, call: Call): Promise<RawAnswer> {
        const endpoint = await this.connect();
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.exchange(endpoint, method, path, call);
            } catch (error) {
                const code = (error as NodeJS.ErrnoException).code ?? "";
                // A kept connection may have been closed by the server just now.
                if (RESET.has(code) && attempt < 2 && isRepeatable(method, call)) continue;
                throw new Unreachable(endpoint.url.origin, code || (error as Error).message, RESET.has(code));
            }
        }
    }

    private async exchange(endpoint: Endpoint, method: Method, path: string, call: Call): Promise<RawAnswer> {
        const { headers, auth } = await this.authenticated(endpoint);
        const { url } = endpoint;
        const query = new URLSearchParams(call.query).toString();
        const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
        const options: https.RequestOptions = {
            method,
            hostname: url.hostname.replace(/^\[|\]$/g, ""),
            port: url.port || (url.protocol === "https:" ? 443 : 80),
            path: url.pathname.replace(/\/$/, "") + path + (query === "" ? "" : `?${query}`),
            agent: this.agent,
            headers: {
                ...(headers as http.OutgoingHttpHeaders),
                accept: "application/json",
                ...(body === undefined
                    ? {}
                    : { "content-type": call.contentType ?? "application/json", "content-length": body.length }),
            },
            ...(auth === undefined ? {} : { auth }),
        };
        return new Promise((resolve, reject) => {
            const module = url.protocol === "https:" ? https : http;
            const request = module.request(options, (response) => receive(response, resolve, reject));
            request.setTimeout(60_000, () => request.destroy(new Error("no answer within 60 s")));
            request.on("error", reject);
            request.end(body);
        });
    }
}

/** Whether sending it a second time changes nothing more: a creation's caller must know that it may have happened. */
function isRepeatable(method: Method, { query }: Call): boolean {
    return method !== "POST" || query?.dryRun !== undefined;
}

function keptOpen(url: URL, { ca, cert, key, rejectUnauthorized, servername }: https.RequestOptions): http.Agent {
    const kept = { keepAlive: true, maxSockets: 64 };
    return url.protocol === "https:"
        ? new https.Agent({
              ...kept,
              ca,
              cert,
              key,
              rejectUnauthorized,
              ...(servername === undefined ? {} : { servername }),
          })
        : new http.Agent(kept);
}

function receive(
    response: http.IncomingMessage,
    resolve: (answer: RawAnswer) => void,
    reject: (error: Error) => void,
): void {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
        resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            warnings: parseWarnings(response.headers.warning),
            retryAfter: Number(response.headers["retry-after"] ?? 1) || 1,
        }),
    );
}

/** The texts of `Warning: 299 - "text"` headers. */
export function parseWarnings(header: string | undefined): string[] {
    return [...(header ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
        text.replace(/\\(.)/g, "$1"),
    );
}

function parseBody(text: string): JsonObject {
    try {
        const body = parseJson(text);
        return isObject(body) ? body : {};
    } catch {
        // A proxy or a server that starts answers in plain text.
        return text.trim() === "" ? {} : { message: text.trim() };
    }
}
