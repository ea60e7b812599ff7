import { authenticationConfiguration, configurationOf } from "../../../../toolchain/cluster/authentication";

const ISSUER = { issuer: { url: "https://id.mlp.localhost:26444", audiences: ["gateway"] } };

describe("the API server's trust in identity providers", () => {
    it("is none at first: tokens of service accounts and certificates count alone", () => {
        expect(JSON.parse(authenticationConfiguration())).toEqual({
            apiVersion: "apiserver.config.k8s.io/v1",
            kind: "AuthenticationConfiguration",
            jwt: [],
        });
    });

    it("follows the list of a ConfigMap", () => {
        const { jwt } = JSON.parse(configurationOf({ data: { "jwt.json": JSON.stringify([ISSUER]) } })) as {
            jwt: unknown;
        };
        expect(jwt).toEqual([ISSUER]);
    });

    it("ends when the list goes", () => {
        expect(configurationOf({})).toBe(authenticationConfiguration());
    });

    it("refuses what is no list, and so leaves the API server with the former", () => {
        expect(() => configurationOf({ data: { "jwt.json": "{}" } })).toThrow("no list of issuers");
        expect(() => configurationOf({ data: { "jwt.json": "[" } })).toThrow();
    });
});
