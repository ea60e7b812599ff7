import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { appUrl, Gateway } from "../contracts";
import { inNamespace, tcp } from "../kubernetes/network";
import { ACCESS_LABEL, GATEWAY_API, OPEN_ACCESS, TOKEN_ACCESS } from "./policies";
import { hostOf } from "./resolve";

/** Who gets through to an app. */
export const RouteAccess = {
    /** Whoever has signed in, or brings a valid token: both reach the app as `Authorization: Bearer`. */
    SignIn: "sign-in",
    /** Everybody: the app itself asks who somebody is. */
    Open: "open",
} as const;
export type RouteAccess = (typeof RouteAccess)[keyof typeof RouteAccess];

/** The Service that a route leads to. */
export interface RouteBackend {
    namespace: pulumi.Input<string>;
    serviceName: pulumi.Input<string>;
    /** Of the Service. */
    port: number;
    /** Of its pods. Default: that of the Service. */
    podPort?: number;
    /** Where it speaks TLS: what its certificate is checked against, in PEM. Default: it speaks plain HTTP. */
    caCertificates?: pulumi.Input<string>;
}

export interface RouteArgs {
    /** At which it begins. */
    gateway: Gateway;
    /** First label of its host name: `https://<app>.<domain>`. */
    app: string;
    /** The Service at its end. */
    backend: RouteBackend;
    /** Who gets through. Default: `sign-in`. */
    access?: RouteAccess;
}

/**
 * The way from the gateway to one app. It stands in the gateway's namespace, so that no team can lay one of its own; the
 * app's namespace says that it may be reached.
 */
export class Route extends pulumi.ComponentResource {
    /** URL of the app, without a slash at its end. */
    readonly url: string;

    constructor(name: string, args: RouteArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Route", name, {}, opts);
        const { gateway, app, backend, access = RouteAccess.SignIn } = args;
        const host = hostOf(gateway.domain, app, name);
        this.url = appUrl(gateway, app);

        const before = [this.grant(name, gateway, backend), this.egress(name, gateway, app, backend)];
        if (backend.caCertificates !== undefined) before.push(this.verify(name, backend, backend.caCertificates));
        const route = (suffix: string, label: string, matches: object[]) =>
            new k8s.apiextensions.CustomResource(
                `${name}${suffix}`,
                {
                    apiVersion: GATEWAY_API,
                    kind: "HTTPRoute",
                    metadata: {
                        name: `${app}${suffix}`,
                        namespace: gateway.namespace,
                        labels: { [ACCESS_LABEL]: label },
                    },
                    spec: {
                        parentRefs: [{ name: gateway.name, sectionName: gateway.sectionName }],
                        hostnames: [host],
                        rules: [{ matches, backendRefs: [referenceTo(backend)], timeouts: NO_LIMIT }],
                    },
                },
                { parent: this, dependsOn: before },
            );
        const anything = { path: { type: "PathPrefix", value: "/" } };
        route("", access === RouteAccess.Open ? OPEN_ACCESS : "session", [anything]);
        if (access === RouteAccess.SignIn) {
            route("-token", TOKEN_ACCESS, [
                { ...anything, headers: [{ name: "Authorization", type: "RegularExpression", value: "Bearer .+" }] },
            ]);
        }
        this.registerOutputs({ url: this.url });
    }

    /** The app's namespace lets the gateway's routes and policies name its Service. */
    private grant(name: string, { namespace }: Gateway, backend: RouteBackend): pulumi.Resource {
        const from = [
            { group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace },
            { group: "gateway.envoyproxy.io", kind: "SecurityPolicy", namespace },
        ];
        return new k8s.apiextensions.CustomResource(
            `${name}-grant`,
            {
                apiVersion: "gateway.networking.k8s.io/v1beta1",
                kind: "ReferenceGrant",
                metadata: { name: `gateway-${name}`, namespace: backend.namespace },
                spec: { from, to: [{ group: "", kind: "Service", name: backend.serviceName }] },
            },
            { parent: this },
        );
    }

    private egress(name: string, gateway: Gateway, app: string, backend: RouteBackend): pulumi.Resource {
        return new k8s.networking.v1.NetworkPolicy(
            `${name}-egress`,
            {
                metadata: { name: `to-${app}`, namespace: gateway.namespace },
                spec: {
                    podSelector: { matchLabels: gateway.podLabels },
                    policyTypes: ["Egress"],
                    egress: [
                        {
                            ports: [tcp(backend.podPort ?? backend.port)],
                            to: [inNamespace(backend.namespace)],
                        },
                    ],
                },
            },
            { parent: this },
        );
    }

    /** The gateway speaks TLS to the Service, and checks its certificate. */
    private verify(name: string, backend: RouteBackend, caCertificates: pulumi.Input<string>): pulumi.Resource {
        const { namespace, serviceName } = backend;
        const bundle = new k8s.core.v1.ConfigMap(
            `${name}-ca`,
            { metadata: { name: `gateway-${name}-ca`, namespace }, data: { "ca.crt": caCertificates } },
            { parent: this },
        );
        return new k8s.apiextensions.CustomResource(
            `${name}-tls`,
            {
                apiVersion: GATEWAY_API,
                kind: "BackendTLSPolicy",
                metadata: { name: `gateway-${name}`, namespace },
                spec: {
                    targetRefs: [{ group: "", kind: "Service", name: serviceName }],
                    validation: {
                        caCertificateRefs: [{ group: "", kind: "ConfigMap", name: bundle.metadata.name }],
                        hostname: pulumi.interpolate`${serviceName}.${namespace}.svc`,
                    },
                },
            },
            { parent: this },
        );
    }
}

/** Pages that follow logs and workflows keep their connections for as long as somebody looks. */
const NO_LIMIT = { request: "0s", backendRequest: "0s" };

function referenceTo({ serviceName, namespace, port }: RouteBackend): object {
    return { group: "", kind: "Service", name: serviceName, namespace, port };
}
