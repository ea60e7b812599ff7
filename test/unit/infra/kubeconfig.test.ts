import { endpointOf } from "../../../infra/kubeconfig";

const kubeconfig = `
current-context: local
contexts: [{ name: local, context: { cluster: c1 } }, { name: lost, context: { cluster: c9 } }]
clusters: [{ name: c1, cluster: { server: "https://127.0.0.1:6443", certificate-authority-data: ${Buffer.from("PEM").toString("base64")} } }]
`;

describe("endpointOf", () => {
    it("finds the API server of the current context", () => {
        expect(endpointOf(kubeconfig, "k")).toEqual({ context: "local", server: "https://127.0.0.1:6443", ca: "PEM" });
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
