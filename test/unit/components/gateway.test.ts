import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import * as pulumi from "@pulumi/pulumi";

import { appUrl } from "../../../components/contracts";
import { EnvoyGateway, GatewayExposure, resolveGateway, Route, RouteAccess, SignIn } from "../../../components/gateway";
import { ApiServerTrust, LocalIdentityProvider } from "../../../components/identity";
import { jwtAuthenticator } from "../../../components/identity/trust";
import { InvalidConfiguration } from "../../../components/problems";
import { record, Registered } from "../../support/mocks";

jest.mock("../../../components/gateway/gateway-api-crds.json", () => ({ generatedBy: "test", crds: [] }));
jest.mock("../../../components/gateway/envoy-gateway-crds.json", () => ({ generatedBy: "test", crds: [] }));

const images = {
    references: {
        envoy: "docker.io/envoyproxy/envoy:distroless-v1.39.3",
        "envoy-gateway": "docker.io/envoyproxy/gateway:v1.9.0",
        "identity-provider": "mlp.internal/identity-provider:0.1.0",
    },
};
const local = { images, domain: "mlp.localhost", port: 26444, exposure: GatewayExposure.Loopback };

let resources: Registered[];
const find = <T>(name: string, kind?: string): T => {
    const found = resources.find(
        (each) => each.name === name && (kind === undefined || each.type.endsWith(`:${kind}`)),
    );
    if (found === undefined) throw new Error(`no ${kind ?? ""} ${name}: ${resources.map((one) => one.name).join(" ")}`);
    return found.inputs as T;
};
interface Custom<T> {
    metadata: { name: string; namespace: string; labels?: Record<string, string> };
    spec: T;
}

beforeAll(async () => {
    resources = await record(() => {
        const providers = [
            new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }),
            new random.Provider("random"),
            new tls.Provider("tls"),
        ];
        const { gateway } = new EnvoyGateway("gateway", local, { providers });
        const accounts = [{ name: "ana", groups: ["team-vision"] }, { name: "admin" }];
        const { identity } = new LocalIdentityProvider(
            "identity-provider",
            { images, gateway, accounts },
            { providers },
        );
        new SignIn("sign-in", { gateway, identity }, { providers });
        new ApiServerTrust("trust", { identity }, { providers });
        const backend = { namespace: "mlp-pipelines", serviceName: "argo-server", port: 2746, caCertificates: "CA" };
        new Route("argo", { gateway, app: "argo", backend }, { providers });
        const hub = { namespace: "mlp-notebooks", serviceName: "proxy", port: 8000 };
        new Route("hub", { gateway, app: "hub", backend: hub, access: RouteAccess.Open }, { providers });
    });
});

describe("the gateway", () => {
    it("takes every provider from its options", () => {
        const without = resources.filter(
            ({ custom, type, provider }) => custom && !type.startsWith("pulumi:providers:") && provider === "",
        );
        expect(without).toEqual([]);
    });

    it("hardens the proxies as everything else, with images of the catalogue alone", () => {
        const { spec } =
            find<Custom<{ provider: { kubernetes: { envoyDeployment: Record<string, unknown> } } }>>("gateway-proxy");
        const { pod, container } = spec.provider.kubernetes.envoyDeployment as Record<string, Record<string, unknown>>;
        expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
        expect(container).toMatchObject({
            image: images.references.envoy,
            securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            resources: { limits: { memory: "512Mi" } },
        });
        const controller = find<{ data: Record<string, string> }>("envoy-gateway", "ConfigMap").data["config.yaml"];
        expect(JSON.parse(controller ?? "")).toMatchObject({
            provider: { kubernetes: { shutdownManager: { image: images.references["envoy-gateway"] } } },
        });
    });

    it("logs no query, in which a sign-in's code stands", () => {
        const proxy = JSON.stringify(find("gateway-proxy"));
        expect(proxy).toContain("%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%");
        expect(proxy).not.toContain("%REQ(:PATH)%");
    });

    it("has one HTTPS listener, to which only routes of its own namespace attach", () => {
        const { spec } = find<Custom<{ listeners: unknown[] }>>("gateway", "Gateway");
        expect(spec.listeners).toEqual([
            expect.objectContaining({
                protocol: "HTTPS",
                port: 26444,
                allowedRoutes: { namespaces: { from: "Same" } },
            }),
        ]);
    });

    it("keeps the key of sessions as a secret that a restart does not change", () => {
        expect(find<{ metadata: { name: string } }>("gateway-session-key", "Secret").metadata.name).toBe(
            "envoy-oidc-hmac",
        );
    });

    it.each([
        ["a port in the domain", { domain: "ml.example.org:443" }, "gateway.domain"],
        ["a domain of one label", { domain: "localhost" }, "gateway.domain"],
        ["no proxy", { replicas: 0 }, "gateway.replicas"],
        ["a port that no listener has", { port: 70000 }, "gateway.port"],
        ["a load balancer on one machine", { loadBalancer: {} }, "gateway.loadBalancer"],
    ])("refuses %s", (_, change, path) => {
        expect(() => resolveGateway({ ...local, ...change }, "gateway")).toThrow(
            expect.objectContaining({ problems: [expect.objectContaining({ path })] }) as InvalidConfiguration,
        );
    });

    it("names every missing image at once", () => {
        expect(() => resolveGateway({ ...local, images: { references: {} } }, "gateway")).toThrow(
            /envoy-gateway[^]*envoy/,
        );
    });

    it("leaves 443 out of URLs and no other port", () => {
        expect(appUrl({ domain: "ml.example.org", port: 443 }, "argo")).toBe("https://argo.ml.example.org");
        expect(appUrl({ domain: "mlp.localhost", port: 26444 }, "argo")).toBe("https://argo.mlp.localhost:26444");
    });
});

describe("sign-in", () => {
    interface Policy {
        targetRefs?: { kind: string }[];
        targetSelectors?: { matchLabels: Record<string, string> }[];
        oidc?: Record<string, unknown>;
        jwt?: { providers: { issuer: string; audiences: string[] }[] };
        authorization?: object;
    }
    const policy = (name: string) => find<Custom<Policy>>(name, "SecurityPolicy").spec;

    it("stands in front of every route that does not say otherwise", () => {
        expect(policy("sign-in").targetRefs).toEqual([expect.objectContaining({ kind: "Gateway" })]);
        expect(policy("sign-in").oidc).toMatchObject({
            clientID: "gateway",
            forwardIDToken: { header: "Authorization" },
            redirectURL: "https://%REQ(:authority)%/oauth2/callback",
        });
    });

    it("checks the token of who brings one", () => {
        expect(policy("sign-in-token").jwt?.providers).toEqual([
            expect.objectContaining({
                issuer: "https://id.mlp.localhost:26444",
                audiences: ["gateway", "hub"],
            }),
        ]);
        const { metadata, spec } = find<Custom<{ rules: { matches: { headers: object[] }[] }[] }>>("argo-token");
        expect(metadata.labels).toEqual(policy("sign-in-token").targetSelectors?.[0]?.matchLabels);
        expect(spec.rules[0]?.matches[0]?.headers).toEqual([
            { name: "Authorization", type: "RegularExpression", value: "Bearer .+" },
        ]);
    });

    it("is left out only where a route says so", () => {
        const open = policy("sign-in-open").targetSelectors?.[0]?.matchLabels;
        const routes = ["argo", "argo-token", "hub", "id"].map((name) => find<Custom<object>>(name, "HTTPRoute"));
        const labels = Object.fromEntries(routes.map(({ metadata }) => [metadata.name, metadata.labels]));
        const opened = Object.keys(labels).filter((name) => JSON.stringify(labels[name]) === JSON.stringify(open));
        expect(opened).toEqual(["hub", "id"]);
    });

    it("speaks TLS to a server that does, and checks its name", () => {
        expect(find<Custom<{ validation: object }>>("argo-tls").spec.validation).toMatchObject({
            hostname: "argo-server.mlp-pipelines.svc",
        });
    });
});

describe("the local identity provider", () => {
    it("gives no two objects of a kind and namespace the same name", () => {
        const names = resources.flatMap(({ type, inputs }) => {
            const { metadata } = inputs as { metadata?: { name?: string; namespace?: string } };
            return metadata?.name === undefined ? [] : [`${type} ${metadata.namespace}/${metadata.name}`];
        });
        expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });

    it("gets no password, only what proves one, and the clients' own URLs", async () => {
        const { stringData } = find<{ stringData: Record<string, string> }>(
            "identity-provider-configuration",
            "Secret",
        );
        const text = JSON.stringify(stringData);
        expect(text).toContain("scrypt:");
        expect(text).toContain("https://argo.mlp.localhost:26444/oauth2/callback");
        expect(text).toContain("https://hub.mlp.localhost:26444/hub/oauth_callback");
    });

    it("is trusted by the API server for its clients alone, under a prefix", () => {
        const { data, metadata } = find<{ data: Record<string, string>; metadata: object }>("trust", "ConfigMap");
        expect(metadata).toMatchObject({ name: "mlp-authentication", namespace: "kube-system" });
        expect(JSON.parse(data["jwt.json"] ?? "")).toEqual([
            expect.objectContaining({
                issuer: expect.objectContaining({
                    url: "https://id.mlp.localhost:26444",
                    audiences: ["gateway", "hub"],
                    audienceMatchPolicy: "MatchAny",
                }) as object,
                claimMappings: {
                    username: { claim: "preferred_username", prefix: "oidc:" },
                    groups: { claim: "groups", prefix: "oidc:" },
                },
            }),
        ]);
    });

    it("leaves the authority out where every client knows it", () => {
        const identity = {
            issuer: "https://login.example.org",
            audiences: ["mlp"],
            usernameClaim: "email",
            groupsClaim: "groups",
            prefix: "oidc:",
        } as Parameters<typeof jwtAuthenticator>[0];
        expect(JSON.stringify(jwtAuthenticator(identity, undefined))).not.toContain("certificateAuthority");
    });

    it("marks passwords as secrets", async () => {
        const kinds = resources.filter(({ type }) => type.endsWith("RandomPassword")).map(({ name }) => name);
        expect(kinds).toEqual(expect.arrayContaining(["identity-provider-ana", "identity-provider-admin"]));
        const isSecret = await pulumi.isSecret(pulumi.secret("x"));
        expect(isSecret).toBe(true);
    });
});
