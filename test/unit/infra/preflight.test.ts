import { once } from "node:events";
import { createServer, Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

import { Endpoint } from "../../../infra/kubeconfig";
import { serverVersion } from "../../../infra/preflight";
import { selfSigned } from "../../support/certificates";

const { key, cert } = selfSigned("127.0.0.1");

const endpoint = (server: string, more: Partial<Endpoint> = {}): Endpoint => ({
    context: "c",
    server,
    ca: { text: cert },
    credentials: {},
    ...more,
});

const version = JSON.stringify({ major: "1", minor: "36", gitVersion: "v1.36.3" });

/** Tells its version only to those who bring a token or a certificate. */
async function discreet(status: number): Promise<{ server: Server; url: string }> {
    const server = createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
        const peer = (request.socket as TLSSocket).getPeerCertificate();
        const known = request.headers.authorization === "Bearer secret" || Object.keys(peer).length > 0;
        response.writeHead(known ? 200 : status).end(known ? version : "{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

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
        await expect(serverVersion(endpoint(url))).resolves.toBe(expected);
        server.close();
    });

    it.each([
        ["the token", 401, { token: { text: "secret\n" } }],
        ["the client certificate", 403, { certificate: { text: cert }, key: { text: key } }],
    ])("asks again with %s where everybody is refused", async (_, status, credentials) => {
        const { server, url } = await discreet(status);
        await expect(serverVersion(endpoint(url, { credentials }))).resolves.toBe("1.36");
        server.close();
    });

    it("warns and goes on where nobody is told, and never locks a cluster out", async () => {
        const { server, url } = await discreet(403);
        const warnings: string[] = [];
        await expect(serverVersion(endpoint(url), (message) => warnings.push(message))).resolves.toBe("unknown");
        expect(warnings).toEqual([expect.stringMatching(/does not tell its version .* context c: .*1\.36/)]);
        server.close();
    });

    it("trusts any certificate, and asks for another name, where the kubeconfig says so", async () => {
        const { server, url } = await answering(200, version);
        const other = selfSigned("127.0.0.1").cert;
        await expect(serverVersion(endpoint(url, { ca: { text: other }, insecure: true }))).resolves.toBe("1.36");
        await expect(serverVersion(endpoint(url, { serverName: "k8s.example.org" }))).rejects.toThrow(
            /k8s\.example\.org/,
        );
        server.close();
    });

    it("refuses a version that the platform does not support, naming those it does", async () => {
        const { server, url } = await answering(
            200,
            JSON.stringify({ major: "1", minor: "20", gitVersion: "v1.20.1" }),
        );
        await expect(serverVersion(endpoint(url))).rejects.toThrow(/Kubernetes v1\.20\.1 at https.*1\.36/);
        server.close();
    });

    it.each([
        ["nobody listens", "https://127.0.0.1:1", undefined],
        ["the certificate is somebody else's", undefined, selfSigned("127.0.0.1").cert],
    ])("says that the cluster does not answer when %s", async (_, url, ca) => {
        const { server, url: live } = await answering(200, "{}");
        const asked = endpoint(url ?? live, { ca: { text: ca ?? cert } });
        await expect(serverVersion(asked)).rejects.toThrow(/^mlp:platform\.cluster: "https.*npm run up/);
        server.close();
    });
});
