import { checkEmbedded } from "../../../infra/embedded";

describe("checkEmbedded", () => {
    it("takes the embedded cluster at whatever port", () => {
        expect(() => checkEmbedded({ context: "mlp-local", server: "https://127.0.0.1:26443" })).not.toThrow();
    });

    it.each([
        ["another context on this machine", "kind-dev", "https://127.0.0.1:6443"],
        ["a cluster elsewhere under our name", "mlp-local", "https://prod.example.org"],
        ["a host that only begins like this machine", "mlp-local", "https://127.0.0.1.example.org"],
        ["no encryption", "mlp-local", "http://127.0.0.1:8080"],
        ["what is no address", "mlp-local", "127.0.0.1"],
    ])("refuses %s, saying what it found and how to reach the embedded cluster", (_, context, server) => {
        expect(() => checkEmbedded({ context, server })).toThrow(
            `mlp:platform.cluster: "context ${context} at ${server}" is not allowed ` +
                "(the embedded cluster (context mlp-local at 127.0.0.1)). " +
                'Run `eval "$(npm run --silent env)"`',
        );
    });
});
