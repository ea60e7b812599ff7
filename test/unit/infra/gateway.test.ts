import fc from "fast-check";

import { references } from "../../../images/catalogue";
import { gatewayPort } from "../../../infra/gateway-port";
import { InvalidConfiguration, resolve } from "../../../infra/resolve";

const local = {
    environment: "local",
    cluster: { kind: "embedded" },
    gateway: { enabled: true },
    teams: [{ name: "vision" }, { name: "speech", groups: ["company:speech"] }],
};
const elsewhere = {
    environment: "dev",
    cluster: { kind: "existing" },
    gateway: { enabled: true, domain: "ml.example.org" },
    identity: {
        issuer: "https://login.example.org",
        endpoints: {
            authorization: "https://login.example.org/authorize",
            token: "https://login.example.org/token",
            userinfo: "https://login.example.org/userinfo",
            jwks: "https://login.example.org/keys",
        },
        clientId: "mlp",
    },
};

function pathsOf(input: unknown): string[] {
    try {
        resolve(input, references());
    } catch (error) {
        if (error instanceof InvalidConfiguration) return error.problems.map(({ path }) => path);
        throw error;
    }
    return [];
}

describe("the gateway of a stack file", () => {
    it("is not there unless it is asked for", () => {
        expect(resolve({ ...local, gateway: {} }, references())).not.toHaveProperty("entrance");
    });

    it("is on this machine alone with the embedded cluster, with a stand-in for people's accounts", () => {
        const { entrance, teams } = resolve(local, references());
        expect(entrance).toMatchObject({
            domain: "mlp.localhost",
            exposure: "loopback",
            replicas: 1,
            identity: {
                kind: "local",
                accounts: [
                    { name: "admin", groups: ["platform-admins"] },
                    { name: "vision", groups: ["team-vision"] },
                    { name: "speech", groups: ["team-speech"] },
                ],
            },
        });
        expect(teams.map(({ groups }) => groups)).toEqual([["oidc:team-vision"], ["company:speech"]]);
    });

    it("is behind a load balancer elsewhere, with the company's own provider", () => {
        expect(resolve(elsewhere, references()).entrance).toMatchObject({
            domain: "ml.example.org",
            exposure: "loadBalancer",
            replicas: 2,
            identity: { kind: "oidc", issuer: "https://login.example.org", clientId: "mlp" },
        });
    });

    it.each([
        [
            "no provider elsewhere",
            { ...elsewhere, identity: {} },
            ["issuer", "endpoints", "clientId"].map((field) => `identity.${field}`),
        ],
        ["the stand-in elsewhere", { ...elsewhere, identity: { kind: "local" } }, ["identity.kind"]],
        ["no domain elsewhere", { ...elsewhere, gateway: { enabled: true } }, ["gateway.domain"]],
        [
            "loopback elsewhere",
            { ...elsewhere, gateway: { ...elsewhere.gateway, exposure: "loopback" } },
            ["gateway.exposure"],
        ],
        [
            "a load balancer on one machine",
            { ...local, gateway: { enabled: true, exposure: "loadBalancer" } },
            ["gateway.exposure"],
        ],
        [
            "another domain on one machine",
            { ...local, gateway: { enabled: true, domain: "ml.example.org" } },
            ["gateway.domain"],
        ],
        [
            "a provider without TLS",
            { ...elsewhere, identity: { ...elsewhere.identity, issuer: "http://login.example.org" } },
            ["identity.issuer"],
        ],
        [
            "an issuer for the stand-in",
            { ...local, identity: { issuer: "https://login.example.org" } },
            ["identity.issuer"],
        ],
        [
            "a second sign-in to Argo",
            {
                ...local,
                pipelines: {
                    oidc: {
                        issuer: "https://a.example",
                        clientId: "argo",
                        redirectUrl: "https://b.example/oauth2/callback",
                    },
                },
            },
            ["pipelines.oidc"],
        ],
    ])("refuses %s", (_, input, paths) => {
        expect(pathsOf(input)).toEqual(paths.map((path) => `mlp:platform.${path}`));
    });
});

describe("the gateway's port", () => {
    it("is the one after the API server's on one machine, so that two clusters have one each", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1024, max: 55_000 }), (port) => {
                expect(gatewayPort({ exposure: "loopback" }, `https://127.0.0.1:${port}`)).toBe(port + 1);
            }),
        );
        expect(gatewayPort({ exposure: "loopback" })).toBe(26444);
    });

    it("is that of HTTPS elsewhere, and what the stack file says anywhere", () => {
        expect(gatewayPort({ exposure: "loadBalancer" }, "https://127.0.0.1:26443")).toBe(443);
        expect(gatewayPort({ exposure: "loopback", port: 9443 }, "https://127.0.0.1:26443")).toBe(9443);
    });
});
