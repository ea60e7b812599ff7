import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Authority, DEFAULT_LIFETIME, Lifetime, newAuthority, resolveLifetime, signCertificate } from "../certificates";
import { Gateway, ImageSource } from "../contracts";
import { Controller } from "../kubernetes/controller";
import { Crds } from "../kubernetes/crds";
import { podSecurityLabels } from "../kubernetes/hardening";
import { CONTROLLER, CONTROLLER_NAME, envoyGateway, proxyLabels } from "./controller";
import * as envoyCrds from "./envoy-gateway-crds.json";
import * as gatewayCrds from "./gateway-api-crds.json";
import { proxyPolicyOf } from "./network";
import { ENVOY_API, GATEWAY_API } from "./policies";
import { envoyProxySpec } from "./proxy";
import {
    GatewayExposure,
    GatewaySpec,
    GATEWAY_NAME,
    GATEWAY_NAMESPACE,
    GATEWAY_SERVICE,
    LISTENER,
    resolveGateway,
} from "./resolve";

export { CALLBACK_PATH, SIGN_OUT_PATH } from "./policies";
export { GATEWAY_NAMESPACE, GATEWAY_SERVICE, GatewayExposure, resolveGateway } from "./resolve";
export { Route, RouteAccess } from "./route";
export type { RouteArgs, RouteBackend } from "./route";
export { SignIn } from "./sign-in";
export type { SignInArgs } from "./sign-in";

/** A load balancer in front of the gateway. */
export interface GatewayLoadBalancer {
    /** Reachable in the cluster's network alone. Default: false. */
    internal?: boolean;
    /** Ranges of addresses that may connect, in CIDR form. Default: every one. */
    sourceRanges?: string[];
    /** ARN of its certificate at AWS, for `*.<domain>`. Default: the gateway's own is passed through. */
    certificateArn?: pulumi.Input<string>;
}

export interface EnvoyGatewayArgs {
    /** Must hold `envoy-gateway` and `envoy`. */
    images: ImageSource;
    /** Every app has a name below it: `https://<app>.<domain>`. */
    domain: string;
    /** Port of the URLs, and of the gateway's Service. Default: 443. */
    port?: number;
    /** Where it is reached: `loopback`, through a relay on this machine, or `loadBalancer`. */
    exposure: GatewayExposure;
    /** Proxies, and pods of the controller, of which one works; from 2 on a PodDisruptionBudget keeps one. Default: 1. */
    replicas?: number;
    /**
     * Secret of type `kubernetes.io/tls` in the namespace `mlp-gateway` with a certificate for `*.<domain>`, which somebody
     * else renews. Default: one of a CA of our own.
     */
    certificateSecretName?: string;
    /** With exposure `loadBalancer`. Default: see the fields. */
    loadBalancer?: GatewayLoadBalancer;
    /** Life of the certificates of our own. Default: one year, renewed in its last quarter. */
    certificates?: Lifetime;
    /** Refuse to delete the CustomResourceDefinitions, and with them every route. Default: false. */
    protectCrds?: boolean;
}

/**
 * Envoy Gateway with one Gateway of one HTTPS listener: the only way from outside to pages and APIs of the platform.
 *
 * @see https://gateway.envoyproxy.io/v1.9/
 */
export class EnvoyGateway extends pulumi.ComponentResource {
    /** What routes, clients and network policies need of it. */
    readonly gateway: Gateway;

    constructor(name: string, args: EnvoyGatewayArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:EnvoyGateway", name, {}, opts);
        const spec = resolveGateway(args, name);
        const lifetime = resolveLifetime(args.certificates ?? DEFAULT_LIFETIME, `${name}.certificates`);
        const protect = args.protectCrds ?? false;
        const crds = [
            new Crds(`${name}-api-crds`, { crds: gatewayCrds.crds }, { parent: this, protect }),
            new Crds(`${name}-crds`, { crds: envoyCrds.crds }, { parent: this, protect }),
        ];
        const namespace = new k8s.core.v1.Namespace(
            GATEWAY_NAMESPACE,
            { metadata: { name: GATEWAY_NAMESPACE, labels: podSecurityLabels("restricted") } },
            { parent: this },
        ).metadata.name;
        const authority = newAuthority(name, { parent: this });
        const internal = this.internalSecrets(name, authority, namespace, lifetime);
        const controller = new Controller(
            CONTROLLER,
            { ...envoyGateway(spec, GATEWAY_NAME), namespace, certificateSecret: internal.controller },
            { parent: this, dependsOn: [...crds, internal.session] },
        );
        const certificate =
            args.certificateSecretName ?? this.listenerCertificate(name, authority, namespace, args.domain, lifetime);
        this.listen(name, { args, spec, namespace, certificate }, [controller, internal.session]);

        const publicCertificate = args.certificateSecretName ?? args.loadBalancer?.certificateArn;
        this.gateway = {
            name: GATEWAY_NAME,
            namespace,
            sectionName: LISTENER,
            domain: args.domain,
            port: spec.port,
            ...(publicCertificate === undefined && { caCertificates: authority.certificate }),
            podLabels: proxyLabels(GATEWAY_NAME),
            podPort: spec.podPort,
        };
        this.registerOutputs({ gateway: this.gateway });
    }

    /** What Envoy Gateway's own `certgen` would make: how controller and proxies know one another, and the key of sessions. */
    private internalSecrets(
        name: string,
        authority: Authority,
        namespace: pulumi.Output<string>,
        lifetime: Lifetime,
    ): { controller: pulumi.Output<string>; session: pulumi.Resource } {
        const parent = { parent: this };
        const forController = signCertificate(
            CONTROLLER,
            authority,
            {
                secretName: CONTROLLER,
                namespace,
                commonName: CONTROLLER,
                dnsNames: namespace.apply((within) => controllerNames(within)),
                lifetime,
            },
            parent,
        );
        signCertificate(
            "envoy",
            authority,
            {
                secretName: "envoy",
                namespace,
                commonName: "envoy",
                dnsNames: namespace.apply((within) => [`*.${within}`]),
                uses: ["server_auth", "client_auth"],
                lifetime,
            },
            parent,
        );
        const key = new random.RandomBytes(`${name}-session-key`, { length: 32 }, parent);
        const session = new k8s.core.v1.Secret(
            `${name}-session-key`,
            { metadata: { name: "envoy-oidc-hmac", namespace }, data: { "hmac-secret": pulumi.secret(key.base64) } },
            parent,
        );
        return { controller: forController.secretName, session };
    }

    private listenerCertificate(
        name: string,
        authority: Authority,
        namespace: pulumi.Output<string>,
        domain: string,
        lifetime: Lifetime,
    ): pulumi.Output<string> {
        return signCertificate(
            `${name}-listener`,
            authority,
            {
                secretName: `${GATEWAY_SERVICE}-certificate`,
                namespace,
                commonName: `*.${domain}`,
                dnsNames: [`*.${domain}`, domain],
                lifetime,
            },
            { parent: this },
        ).secretName;
    }

    private listen(
        name: string,
        { args, spec, namespace, certificate }: Listening,
        dependsOn: pulumi.Resource[],
    ): void {
        const { CustomResource } = k8s.apiextensions;
        const parent = { parent: this };
        const { exposure, loadBalancer = {} } = args;
        new k8s.networking.v1.NetworkPolicy(
            `${name}-proxies`,
            { metadata: { name: "proxies", namespace }, spec: proxyPolicyOf(spec, GATEWAY_NAME) },
            parent,
        );
        const proxy = new CustomResource(
            `${name}-proxy`,
            {
                apiVersion: ENVOY_API,
                kind: "EnvoyProxy",
                metadata: { name: GATEWAY_NAME, namespace },
                spec: pulumi
                    .output(loadBalancer.certificateArn)
                    .apply((certificateArn) =>
                        envoyProxySpec(spec, exposure, { internal: loadBalancer.internal ?? false, certificateArn }),
                    ),
            },
            { ...parent, dependsOn },
        );
        const reference = { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: proxy.metadata.name };
        const gatewayClass = new CustomResource(
            `${name}-class`,
            {
                apiVersion: GATEWAY_API,
                kind: "GatewayClass",
                metadata: { name: GATEWAY_NAME },
                spec: { controllerName: CONTROLLER_NAME },
            },
            { ...parent, dependsOn },
        );
        const gateway = new CustomResource(
            name,
            {
                apiVersion: GATEWAY_API,
                kind: "Gateway",
                metadata: {
                    name: GATEWAY_NAME,
                    namespace,
                    // A load balancer takes minutes and its name is published elsewhere; on this machine it is ready at once.
                    ...(exposure === GatewayExposure.Loopback && {
                        annotations: { "pulumi.com/waitFor": "condition=Programmed" },
                    }),
                },
                spec: {
                    gatewayClassName: gatewayClass.metadata.name,
                    infrastructure: { parametersRef: reference },
                    listeners: [
                        {
                            name: LISTENER,
                            protocol: "HTTPS",
                            port: spec.port,
                            tls: { mode: "Terminate", certificateRefs: [{ name: certificate }] },
                            // Teams have namespaces of their own: none of them may lay a route.
                            allowedRoutes: { namespaces: { from: "Same" } },
                        },
                    ],
                },
            },
            parent,
        );
        new CustomResource(
            `${name}-clients`,
            {
                apiVersion: ENVOY_API,
                kind: "ClientTrafficPolicy",
                metadata: { name: GATEWAY_NAME, namespace },
                spec: {
                    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway.metadata.name }],
                    tls: { minVersion: "1.2" },
                },
            },
            parent,
        );
    }
}

interface Listening {
    readonly args: EnvoyGatewayArgs;
    readonly spec: GatewaySpec;
    readonly namespace: pulumi.Output<string>;
    /** Secret of the listener. */
    readonly certificate: pulumi.Input<string>;
}

function controllerNames(namespace: string): string[] {
    const short = `${CONTROLLER}.${namespace}`;
    return [CONTROLLER, short, `${short}.svc`, `${short}.svc.cluster.local`];
}
