import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Gateway, Identity } from "../contracts";
import { tcp } from "../kubernetes/network";
import { ENVOY_API, openPolicy, signInPolicy, tokenPolicy } from "./policies";

export interface SignInArgs {
    /** Whose routes ask for sign-in. */
    gateway: Gateway;
    /** Who says who somebody is. */
    identity: Identity;
}

/**
 * Sign-in at the gateway, for every route that does not say otherwise. People are sent to the identity provider and come
 * back with a session; apps get their ID token, which the API server knows as well.
 *
 * @see https://gateway.envoyproxy.io/docs/tasks/security/oidc/
 */
export class SignIn extends pulumi.ComponentResource {
    constructor(name: string, args: SignInArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:SignIn", name, {}, opts);
        const { gateway, identity } = args;
        const parent = { parent: this };
        const { namespace } = gateway;
        const client = new k8s.core.v1.Secret(
            `${name}-client`,
            {
                metadata: { name: `${name}-client`, namespace },
                stringData: { "client-secret": pulumi.secret(identity.gateway.clientSecret) },
            },
            parent,
        );
        const policies = {
            [name]: signInPolicy(identity, client.metadata.name),
            [`${name}-token`]: tokenPolicy(identity),
            [`${name}-open`]: openPolicy(),
        };
        for (const [policy, spec] of Object.entries(policies)) {
            new k8s.apiextensions.CustomResource(
                policy,
                { apiVersion: ENVOY_API, kind: "SecurityPolicy", metadata: { name: policy, namespace }, spec },
                parent,
            );
        }
        // A provider outside is asked for tokens and keys by the proxies themselves, and found by the controller.
        if (identity.service === undefined) this.reach(name, gateway, identity);
        this.registerOutputs({});
    }

    private reach(name: string, { namespace, podLabels }: Gateway, identity: Identity): void {
        const urls = [identity.tokenEndpoint, identity.jwksUri].map((url) => Number(new URL(url).port) || 443);
        const ports = [...new Set(urls)].map(tcp);
        new k8s.networking.v1.NetworkPolicy(
            `${name}-egress`,
            {
                metadata: { name: `${name}-egress`, namespace },
                spec: { podSelector: { matchLabels: podLabels }, policyTypes: ["Egress"], egress: [{ ports }] },
            },
            { parent: this },
        );
    }
}
