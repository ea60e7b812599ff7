import { createServer, IncomingMessage, request, Server, ServerResponse } from "node:http";
import { AddressInfo, connect } from "node:net";

import { ENTRANCE, forwardedHeaders, isAdmitted, listen, refusalOf } from "../../../cli/ui-relay";

const admission = { port: 2746, key: "right" };
const browser = { host: "127.0.0.1:2746", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" };

describe("a request to a relay", () => {
    const judge = (headers: Record<string, string>, method = "GET") =>
        refusalOf({ method, headers: { ...browser, ...headers } }, admission)?.status;

    it("of its own pages passes", () => {
        expect(judge({})).toBeUndefined();
        expect(judge({ origin: "http://127.0.0.1:2746" }, "POST")).toBeUndefined();
        expect(judge({ host: "localhost:2746", origin: "http://localhost:2746" }, "PUT")).toBeUndefined();
        expect(refusalOf({ method: "GET", headers: { host: "127.0.0.1:2746" } }, admission)).toBeUndefined();
    });

    it.each(["evil.example:2746", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:2746", "[::1]:2746", ""])(
        "under the name %j is refused: it may have been pointed here",
        (host) => expect(judge({ host })).toBe(421),
    );

    it.each([
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: "http://127.0.0.1:8888" },
        { origin: "http://localhost:2746" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ])("of another page is refused: %j", (headers) => {
        expect(judge(headers)).toBe(403);
        expect(judge(headers, "POST")).toBe(403);
    });

    it("that follows a link from anywhere passes, and sends no form", () => {
        const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
        expect(judge(link)).toBeUndefined();
        expect(judge(link, "POST")).toBe(403);
    });

    it("is known by the cookie of its own port alone", () => {
        expect(isAdmitted({ cookie: "a=b; mlp-ui-2746=right" }, admission)).toBe(true);
        expect(isAdmitted({ cookie: "mlp-ui-2746=wrong" }, admission)).toBe(false);
        expect(isAdmitted({ cookie: "mlp-ui-2747=right" }, admission)).toBe(false);
        expect(isAdmitted({}, admission)).toBe(false);
    });

    it("reaches the Service with the member's token and without what was meant for the relay", () => {
        const sent = {
            ...browser,
            origin: "http://127.0.0.1:2746",
            cookie: "mlp-ui-2746=right; theme=dark; authorization=Bearer other",
            authorization: "Basic other",
            connection: "keep-alive",
            accept: "text/html",
        };
        const upstream = { host: "server.pipelines.svc:2746", headers: { accept: "*/*", "x-workspace": "a" } };
        expect(forwardedHeaders(sent, admission, upstream, "token")).toEqual({
            accept: "text/html",
            authorization: "Bearer token",
            cookie: "theme=dark",
            host: "server.pipelines.svc:2746",
            "x-workspace": "a",
        });
    });
});

describe("a relay", () => {
    const opened: Server[] = [];
    afterEach(() =>
        opened.splice(0).forEach((server) => {
            server.close();
            server.closeAllConnections();
        }),
    );

    const portOf = (server: Server) => (server.address() as AddressInfo).port;

    const service = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> => {
        const server = createServer(answer).listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        opened.push(server);
        return portOf(server);
    };

    const relayTo = async (port: () => Promise<number>, lost: () => void = () => undefined): Promise<number> => {
        const host = "server.pipelines.svc:2746";
        const upstream = { port, lost, token: () => Promise.resolve("token"), secure: false, host };
        const server = await listen(0, "right", upstream, "/workflows/team-a");
        opened.push(server);
        return portOf(server);
    };

    interface Answer {
        readonly status: number | undefined;
        readonly headers: IncomingMessage["headers"];
        readonly body: string;
    }

    const ask = (port: number, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> =>
        new Promise((resolve, reject) => {
            const options = { host: "127.0.0.1", port, path, headers, method: body === undefined ? "GET" : "POST" };
            const asked = request(options, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
                response.on("end", () => {
                    resolve({ status: response.statusCode, headers: response.headers, body: text });
                });
            });
            asked.on("error", reject);
            asked.end(body);
        });

    const cookie = (port: number) => ({ cookie: `mlp-ui-${port}=right` });

    it("admits by the key of the printed URL, and shows the first page", async () => {
        const port = await relayTo(() => service((_, response) => response.end("page")));
        const entered = await ask(port, `${ENTRANCE}?key=right`);
        expect(entered.body).toContain("url=/workflows/team-a");
        expect(entered.headers["set-cookie"]).toEqual([`mlp-ui-${port}=right; Path=/; HttpOnly; SameSite=Strict`]);
        expect((await ask(port, "/", cookie(port))).body).toBe("page");
    });

    it("tells nothing to who has no key, and gives no token away", async () => {
        let asked = 0;
        const port = await relayTo(() => service((_, response) => response.end(String((asked += 1)))));
        expect((await ask(port, "/")).status).toBe(401);
        expect((await ask(port, `${ENTRANCE}?key=wrong`)).status).toBe(401);
        expect((await ask(port, ENTRANCE)).headers["set-cookie"]).toBeUndefined();
        expect((await ask(port, "/", { ...cookie(port), host: "evil.example" })).status).toBe(421);
        expect(asked).toBe(0);
    });

    it("passes method, path, body, status and headers on", async () => {
        const upstream = await service((incoming, response) => {
            let text = "";
            incoming.on("data", (chunk) => (text += String(chunk)));
            incoming.on("end", () => {
                response.writeHead(201, { "x-answer": "yes", "set-cookie": ["a=1", "b=2"] });
                response.end(`${incoming.method} ${incoming.url} ${incoming.headers.authorization} ${text}`);
            });
        });
        const port = await relayTo(() => Promise.resolve(upstream));
        const answer = await ask(port, "/api?q=1%202", cookie(port), "body");
        expect(answer).toMatchObject({ status: 201, body: "POST /api?q=1%202 Bearer token body" });
        expect(answer.headers).toMatchObject({ "x-answer": "yes", "set-cookie": ["a=1", "b=2"] });
    });

    it("finds another way where a pod has ended, and repeats what changes nothing", async () => {
        const dead = await service((incoming) => incoming.socket.destroy());
        const alive = await service((_, response) => response.end("alive"));
        let current = dead;
        const port = await relayTo(
            () => Promise.resolve(current),
            () => (current = alive),
        );
        expect((await ask(port, "/", cookie(port))).body).toBe("alive");
        current = dead;
        // Whether it was done is unknown: the person decides.
        expect((await ask(port, "/", cookie(port), "create")).status).toBe(502);
        expect((await ask(port, "/", cookie(port), "create")).body).toBe("alive");
    });

    it("keeps the way when a browser goes on before it was answered", async () => {
        let waiting: (() => void) | undefined;
        const reached = new Promise<void>((resolve) => (waiting = resolve));
        const slow = await service(() => waiting?.());
        const lost = jest.fn();
        const port = await relayTo(() => Promise.resolve(slow), lost);
        const asked = request({ host: "127.0.0.1", port, path: "/", headers: cookie(port) });
        asked.on("error", () => undefined).end();
        await reached;
        asked.destroy();
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(lost).not.toHaveBeenCalled();
    });

    it("says why there is no way at all", async () => {
        const port = await relayTo(() => Promise.reject(new Error("no endpoints available")));
        expect(await ask(port, "/", cookie(port))).toMatchObject({ status: 502, body: "no endpoints available\n" });
    });

    it("ends an event stream that nobody reads any more", async () => {
        const ended = new Promise<void>((resolve, reject) => {
            service((_, response) => {
                response.write("data: 1\n\n");
                response.on("close", resolve);
            })
                .then((upstream) => relayTo(() => Promise.resolve(upstream)))
                .then((port) => {
                    const socket = connect(port, "127.0.0.1");
                    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie(port).cookie}\r\n\r\n`);
                    socket.once("data", () => socket.destroy());
                })
                .catch(reject);
        });
        await expect(ended).resolves.toBeUndefined();
    });
});
