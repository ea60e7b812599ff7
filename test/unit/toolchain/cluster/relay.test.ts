import { mkdtempSync, rmSync } from "node:fs";
import { AddressInfo, connect, createServer, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { listenOnLoopback, serveRelay } from "../../../../toolchain/cluster/relay";

describe("the relay", () => {
    const folder = mkdtempSync(join(tmpdir(), "relay-"));
    const socket = join(folder, "relay.sock");
    const servers: Server[] = [];
    const portOf = (server: Server) => (server.address() as AddressInfo).port;

    beforeAll(async () => {
        // Answers only after it has seen the end of what it is sent: the end must pass, and the way back stay open.
        const target = createServer({ allowHalfOpen: true }, (client) => {
            const chunks: Buffer[] = [];
            client.on("data", (chunk) => chunks.push(chunk));
            client.on("end", () => client.end(`${Buffer.concat(chunks).length} bytes`));
        });
        await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
        servers.push(target, await serveRelay(socket, "127.0.0.1"));
    });
    afterAll(() => {
        for (const server of servers) server.close();
        rmSync(folder, { recursive: true });
    });

    const open = async (port: number) => {
        const server = await listenOnLoopback(0, { host: "127.0.0.1", port }, socket);
        servers.push(server);
        return connect({ port: portOf(server), host: "127.0.0.1", allowHalfOpen: true });
    };

    it("carries bytes and the end of each direction", async () => {
        const client = await open(portOf(servers[0]!));
        client.end(Buffer.alloc(300_000, "x"));
        let answer = "";
        for await (const chunk of client) answer += String(chunk);
        expect(answer).toBe("300000 bytes");
    });

    it("closes the connection when nothing listens at the target", async () => {
        const client = await open(1);
        client.on("error", () => undefined);
        client.resume();
        await new Promise((resolve) => client.once("close", resolve).once("end", () => client.end()));
        expect(client.bytesRead).toBe(0);
    });

    it("listens on loopback alone", async () => {
        const server = await listenOnLoopback(0, { host: "127.0.0.1", port: 1 }, socket);
        servers.push(server);
        expect((server.address() as AddressInfo).address).toBe("127.0.0.1");
    });
});
