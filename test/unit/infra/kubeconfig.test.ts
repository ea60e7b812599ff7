import { endpointOf } from "../../../infra/kubeconfig";

const kubeconfig = `
current-context: local
contexts: [{ name: local, context: { cluster: c1 } }, { name: lost, context: { cluster: c9 } }]
clusters: [{ name: c1, cluster: { server: "https://127.0.0.1:6443", certificate-authority-data: ${Buffer.from("PEM").toString("base64")} } }]
`;

describe("endpointOf", () => {
    it("finds the API server of the current context", () => {
        expect(endpointOf(kubeconfig, "k")).toEqual({
            context: "local",
            server: "https://127.0.0.1:6443",
            ca: { text: "PEM" },
            credentials: {},
        });
    });

    it("takes over how to trust the server and who calls it", () => {
        const contents = `
current-context: a
contexts: [{ name: a, context: { cluster: c, user: u } }]
clusters:
    - name: c
      cluster: { server: "https://k", certificate-authority: /ca, insecure-skip-tls-verify: true, tls-server-name: n }
users: [{ name: u, user: { client-certificate: /cert, client-key: /key, token: t } }, { name: other, user: null }]
`;
        expect(endpointOf(contents, "k")).toEqual({
            context: "a",
            server: "https://k",
            ca: { file: "/ca" },
            insecure: true,
            serverName: "n",
            credentials: { certificate: { file: "/cert" }, key: { file: "/key" }, token: { text: "t" } },
        });
    });

    it.each([
        ["a context that is not there", kubeconfig, "prod", /cluster\.context: "prod" .*one of local, lost/],
        ["a context whose cluster is not there", kubeconfig, "lost", /cluster\.context: "lost"/],
        ["what is no kubeconfig", "hello", undefined, /cluster\.kubeconfig: "k" .*a kubeconfig with contexts/],
        ["what is not even YAML", "{ a: [", undefined, /cluster\.kubeconfig: "k"/],
    ])("refuses %s", (_, contents, context, message) => {
        expect(() => endpointOf(contents, "k", context)).toThrow(message);
    });
});
