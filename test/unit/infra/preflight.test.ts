import { once } from "node:events";
import { createServer, Server } from "node:https";
import type { AddressInfo } from "node:net";

import { serverVersion } from "../../../infra/preflight";
import { selfSigned } from "../../support/certificates";

const { key, cert } = selfSigned("127.0.0.1");

async function answering(status: number, body: string): Promise<{ server: Server; url: string }> {
    const server = createServer({ key, cert }, (_, response) => response.writeHead(status).end(body));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("serverVersion", () => {
    it.each([
        ["1", "36", "1.36"],
        ["1", "36+", "1.36"],
    ])("understands major %s and minor %s", async (major, minor, expected) => {
        const { server, url } = await answering(200, JSON.stringify({ major, minor, gitVersion: "v1.36.3" }));
        await expect(serverVersion({ context: "c", server: url, ca: cert })).resolves.toBe(expected);
        server.close();
    });

    it("refuses a version that the platform does not support, naming those it does", async () => {
        const { server, url } = await answering(
            200,
            JSON.stringify({ major: "1", minor: "20", gitVersion: "v1.20.1" }),
        );
        await expect(serverVersion({ context: "c", server: url, ca: cert })).rejects.toThrow(
            /Kubernetes v1\.20\.1 at https.*1\.36/,
        );
        server.close();
    });

    it.each([
        ["nobody listens", "https://127.0.0.1:1", undefined],
        ["the certificate is somebody else's", undefined, selfSigned("127.0.0.1").cert],
    ])("says that the cluster does not answer when %s", async (_, url, ca) => {
        const { server, url: live } = await answering(200, "{}");
        const endpoint = { context: "c", server: url ?? live, ca: ca ?? cert };
        await expect(serverVersion(endpoint)).rejects.toThrow(/^mlp:platform\.cluster: "https.*npm run up/);
        server.close();
    });
});
