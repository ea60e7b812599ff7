import { createHash, timingSafeEqual } from "node:crypto";
import { Agent, createServer, IncomingHttpHeaders, IncomingMessage, request, Server, ServerResponse } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { AddressInfo } from "node:net";

/** Where a web UI answers, and as whom it is asked. */
export interface Upstream {
    /** Loopback port that leads to the Service. */
    port(): Promise<number>;
    /** That port did not answer: the next call of `port` finds another way, unless one was found since. */
    lost(port: number): void;
    /** Bearer token of the next request. */
    token(): Promise<string>;
    /** Whether it speaks TLS. */
    readonly secure: boolean;
    /** Name under which the Service knows itself, with its port: what it expects as Host. */
    readonly host: string;
    /** Headers that a request gets where it has none of that name. */
    readonly headers?: Readonly<Record<string, string>>;
}

/** Who may use a relay: a browser that was given the key, for pages of the relay's own. */
export interface Admission {
    readonly port: number;
    readonly key: string;
}

/** Path that takes the key from the printed URL and gives a cookie for it. */
export const ENTRANCE = "/.mlp/enter";

interface Refusal {
    readonly status: number;
    readonly why: string;
}

const OTHER_SITE: Refusal = { status: 403, why: "Requests of other web pages are refused." };

/**
 * Why a request is not passed on; undefined when it is.
 *
 * The relay lends a token to whoever reaches it, so three are kept out: a name that was pointed at 127.0.0.1 (Host),
 * another page in the user's browser (Origin, Sec-Fetch-Site), and other users of the machine (the key).
 */
export function refusalOf(
    { method = "GET", headers }: Pick<IncomingMessage, "method" | "headers">,
    admission: Admission,
): Refusal | undefined {
    const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${admission.port}`);
    const { host = "", origin } = headers;
    if (!hosts.includes(host)) return { status: 421, why: `Only ${hosts.join(" and ")} are served here.` };
    if (origin !== undefined && origin !== `http://${host}`) return OTHER_SITE;
    const site = headers["sec-fetch-site"];
    const isOwn = site === undefined || site === "same-origin" || site === "none";
    // A link may lead here from anywhere; a frame, a picture or a script may not.
    const isLink = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
    if (!isOwn && !(isLink && method === "GET")) return OTHER_SITE;
    return undefined;
}

/** Whether the browser carries the cookie that {@link ENTRANCE} gave. */
export function isAdmitted({ cookie = "" }: IncomingHttpHeaders, admission: Admission): boolean {
    return cookiesOf(cookie).some(([name, value]) => name === cookieName(admission) && same(value, admission.key));
}

/** What the Service gets to see: the member's token in place of whatever the browser sent. */
export function forwardedHeaders(
    headers: IncomingHttpHeaders,
    admission: Admission,
    { host, headers: more = {} }: Pick<Upstream, "host" | "headers">,
    token: string,
): IncomingHttpHeaders {
    const passed = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !JUDGED_HERE.has(name));
    const own = cookieName(admission);
    const cookie = cookiesOf(headers.cookie ?? "").filter(([name]) => name !== own && name !== "authorization");
    return {
        ...more,
        ...Object.fromEntries(passed),
        ...(cookie.length > 0 && { cookie: cookie.map((pair) => pair.join("=")).join("; ") }),
        host,
        authorization: `Bearer ${token}`,
    };
}

/** RFC 9110, 7.6.1: they mean this connection, not the next one. */
const HOP_BY_HOP = new Set([
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
]);

/** The Service knows itself by another name than the browser does, and would take our own pages for others'. */
const JUDGED_HERE = new Set(["cookie", "origin", "referer", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"]);

/** Listens on 127.0.0.1 and passes on what {@link refusalOf} lets pass. */
export async function listen(port: number, key: string, upstream: Upstream, landing = "/"): Promise<Server> {
    const agent = agentOf(upstream);
    const server = createServer((incoming, outgoing) => {
        const { port: own } = server.address() as AddressInfo;
        serve(incoming, outgoing, { port: own, key }, { upstream, agent, landing }).catch((error: unknown) => {
            if (outgoing.headersSent) outgoing.destroy();
            else say(outgoing, 502, error instanceof Error ? error.message : String(error));
        });
    });
    server.on("close", () => agent.destroy());
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
    });
    return server;
}

/**
 * The bytes travel inside the API server's TLS, and it picks the pod: a second check would need a CA that a team's member
 * is not given.
 */
function agentOf({ secure }: Upstream): Agent {
    // No connection is kept for a next request: the Service may have closed it, and the tunnel tells too late.
    return secure ? new SecureAgent({ rejectUnauthorized: false }) : new Agent();
}

interface Passage {
    readonly upstream: Upstream;
    readonly agent: Agent;
    readonly landing: string;
}

async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    admission: Admission,
    passage: Passage,
): Promise<void> {
    const refusal = refusalOf(incoming, admission);
    if (refusal !== undefined) return say(outgoing, refusal.status, refusal.why);
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    if (url.pathname === ENTRANCE) {
        if (!same(url.searchParams.get("key") ?? "", admission.key)) return say(outgoing, 401, NO_KEY);
        return enter(outgoing, admission, passage.landing);
    }
    if (!isAdmitted(incoming.headers, admission)) return say(outgoing, 401, NO_KEY);
    let port: number | undefined;
    try {
        port = await passage.upstream.port();
        await pass(incoming, outgoing, admission, { ...passage, port });
    } catch (error) {
        // A browser that asked and went on, as it does whenever a page changes, says nothing of the way.
        if (outgoing.destroyed) return;
        if (port !== undefined) passage.upstream.lost(port);
        // The connection may have been one to a pod that has ended.
        if (!isRepeatable(incoming) || outgoing.headersSent) throw error;
        await pass(incoming, outgoing, admission, { ...passage, port: await passage.upstream.port() });
    }
}

const NO_KEY = "Open the URL that `mlp ui` has printed: it holds the key to this page.";

/** A page rather than a redirect: what a redirect leads to still counts as another site's, and gets no strict cookie. */
function enter(outgoing: ServerResponse, admission: Admission, landing: string): void {
    outgoing.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "set-cookie": `${cookieName(admission)}=${admission.key}; Path=/; HttpOnly; SameSite=Strict`,
    });
    outgoing.end(`<!doctype html><meta http-equiv="refresh" content="0;url=${landing}"><title>mlp</title>`);
}

/** Ends when the answer has begun to flow, or the connection has failed before it did. */
async function pass(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    admission: Admission,
    { upstream, agent, port }: Passage & { readonly port: number },
): Promise<void> {
    const token = await upstream.token();
    const headers = forwardedHeaders(incoming.headers, admission, upstream, token);
    await new Promise<void>((resolve, reject) => {
        const { method, url } = incoming;
        const ask = upstream.secure ? secureRequest : request;
        const asked = ask({ host: "127.0.0.1", port, method, path: url, headers, agent }, (answer) => {
            const passed = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name));
            // Broken off, it would take the tunnel along; only what may go on for ever, an event stream, is.
            const leave = () => (isLimited(answer) ? answer.resume() : asked.destroy());
            outgoing.on("close", leave);
            answer.on("error", () => outgoing.destroy());
            if (outgoing.destroyed) leave();
            else {
                outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(passed));
                answer.pipe(outgoing);
            }
            resolve();
        });
        asked.on("error", reject);
        if (isRepeatable(incoming)) asked.end();
        else incoming.pipe(asked);
    });
}

/** Whether an answer says how long it is. */
function isLimited({ headers }: IncomingMessage): boolean {
    return headers["content-length"] !== undefined;
}

/** Whether a request has no body and changes nothing. */
function isRepeatable({ method }: IncomingMessage): boolean {
    return method === "GET" || method === "HEAD";
}

function say(outgoing: ServerResponse, status: number, text: string): void {
    outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    outgoing.end(`${text}\n`);
}

/** Cookies belong to a host, not to a port: two relays need two names. */
function cookieName({ port }: Admission): string {
    return `mlp-ui-${port}`;
}

function cookiesOf(header: string): [string, string][] {
    return header
        .split(";")
        .map((pair) => pair.trim())
        .filter((pair) => pair !== "")
        .map((pair): [string, string] => {
            const [name = "", ...value] = pair.split("=");
            return [name, value.join("=")];
        });
}

/** Compares without telling by its time how much was right. */
function same(given: string, wanted: string): boolean {
    const digest = (text: string) => createHash("sha256").update(text).digest();
    return timingSafeEqual(digest(given), digest(wanted));
}
