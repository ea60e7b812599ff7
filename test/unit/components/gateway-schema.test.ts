import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { EnvoyGateway, GatewayExposure, Route, RouteAccess, SignIn } from "../../../components/gateway";
import * as envoyCrds from "../../../components/gateway/envoy-gateway-crds.json";
import * as gatewayCrds from "../../../components/gateway/gateway-api-crds.json";
import { LocalIdentityProvider } from "../../../components/identity";
import { record } from "../../support/mocks";

interface Schema {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly pattern?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: Schema;
    readonly items?: Schema;
    readonly default?: unknown;
    readonly [extension: `x-kubernetes-${string}`]: unknown;
}

interface Definition {
    readonly spec: {
        readonly group: string;
        readonly names: { readonly kind: string };
        readonly versions: readonly {
            readonly name: string;
            readonly served: boolean;
            readonly schema: { readonly openAPIV3Schema: Schema };
        }[];
    };
}

const definitions = [...envoyCrds.crds, ...gatewayCrds.crds] as unknown as Definition[];
const images = { references: { envoy: "e:1", "envoy-gateway": "g:1", "identity-provider": "i:1" } };

/** What of a value its schema does not know or does not allow. */
function misfits(value: unknown, schema: Schema | undefined, at: string): string[] {
    if (schema === undefined) return [`${at}: unknown`];
    if (schema["x-kubernetes-preserve-unknown-fields"] === true) return [];
    if (schema["x-kubernetes-int-or-string"] === true) return [];
    if (Array.isArray(value)) {
        if (schema.type !== "array") return [`${at}: a list`];
        return value.flatMap((item, index) => misfits(item, schema.items, `${at}[${index}]`));
    }
    if (typeof value === "object" && value !== null) {
        const { properties = {}, required = [] } = schema;
        const missing = required.filter((key) => !(key in value) && properties[key]?.default === undefined);
        const inner = Object.entries(value).flatMap(([key, part]) =>
            misfits(part, properties[key] ?? schema.additionalProperties, `${at}.${key}`),
        );
        return [...missing.map((key) => `${at}.${key}: missing`), ...inner];
    }
    const kind = typeof value === "number" ? "integer" : typeof value;
    return [
        ...(schema.type === kind ? [] : [`${at}: ${kind} for ${schema.type}`]),
        ...(schema.enum === undefined || schema.enum.includes(value) ? [] : [`${at}: ${String(value)}`]),
        ...(schema.pattern === undefined || new RegExp(schema.pattern).test(String(value))
            ? []
            : [`${at}: ${String(value)} is not ${schema.pattern}`]),
    ];
}

it("every object of gateway, routes and sign-in fits the schema of its kind", async () => {
    const resources = await record(() => {
        const providers = [
            new k8s.Provider("cluster", { kubeconfig: "kubeconfig" }),
            new random.Provider("random"),
            new tls.Provider("tls"),
        ];
        const local = { images, domain: "mlp.localhost", port: 26444, exposure: GatewayExposure.Loopback, replicas: 2 };
        const { gateway } = new EnvoyGateway("gateway", local, { providers });
        const { identity } = new LocalIdentityProvider("id", { images, gateway, accounts: [] }, { providers });
        new SignIn("sign-in", { gateway, identity }, { providers });
        const backend = { namespace: "a", serviceName: "b", port: 1, caCertificates: "CA" };
        new Route("argo", { gateway, app: "argo", backend }, { providers });
        new Route("hub", { gateway, app: "hub", access: RouteAccess.Open, backend }, { providers });
        const loadBalancer = { certificateArn: "arn:aws:acm:x", sourceRanges: ["192.0.2.0/24"], internal: true };
        const elsewhere = { images, domain: "ml.example.org", exposure: GatewayExposure.LoadBalancer, loadBalancer };
        new EnvoyGateway("elsewhere", elsewhere, { providers });
    });
    const kinds = new Set<string>();
    const found = resources.flatMap(({ name, inputs }) => {
        const { apiVersion, kind, spec } = inputs as { apiVersion?: string; kind?: string; spec?: unknown };
        const [group = "", version = ""] = (apiVersion ?? "").split("/");
        if (kind === undefined || !/^gateway\./.test(group)) return [];
        kinds.add(kind);
        const definition = definitions.find(({ spec: of }) => of.group === group && of.names.kind === kind);
        const served = definition?.spec.versions.find((one) => one.name === version && one.served);
        return misfits(spec, served?.schema.openAPIV3Schema.properties?.spec, `${name} (${apiVersion} ${kind})`);
    });
    expect(found).toEqual([]);
    expect([...kinds].sort()).toEqual([
        "BackendTLSPolicy",
        "ClientTrafficPolicy",
        "EnvoyProxy",
        "Gateway",
        "GatewayClass",
        "HTTPRoute",
        "ReferenceGrant",
        "SecurityPolicy",
    ]);
});
