import * as pulumi from "@pulumi/pulumi";

import { Identity } from "../contracts";
import { GATEWAY_NAME } from "./resolve";

export const ENVOY_API = "gateway.envoyproxy.io/v1alpha1";
export const GATEWAY_API = "gateway.networking.k8s.io/v1";
const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** Marks the routes to which something else than the gateway's own sign-in applies. */
export const ACCESS_LABEL = "mlp.dev/access";
/** Whoever brings a token needs no session. */
export const TOKEN_ACCESS = "token";
/** What lies behind asks for itself who somebody is. */
export const OPEN_ACCESS = "open";

/** Path on every app to which the provider sends people back. */
export const CALLBACK_PATH = "/oauth2/callback";
export const SIGN_OUT_PATH = "/oauth2/sign-out";

const WEEK_HOURS = 7 * 24;

/** Every route of the gateway that says nothing else: people sign in, and what lies behind gets their ID token. */
export function signInPolicy(identity: Identity, secretName: pulumi.Input<string>): object {
    return {
        targetRefs: [{ group: GATEWAY_GROUP, kind: "Gateway", name: GATEWAY_NAME }],
        oidc: {
            provider: {
                issuer: identity.issuer,
                authorizationEndpoint: identity.authorizationEndpoint,
                tokenEndpoint: identity.tokenEndpoint,
                ...(identity.endSessionEndpoint !== undefined && { endSessionEndpoint: identity.endSessionEndpoint }),
                ...backendOf(identity),
            },
            clientID: identity.gateway.clientId,
            clientSecret: { name: secretName },
            scopes: ["openid", ...identity.scopes],
            // A load balancer that ends TLS would make http of it.
            redirectURL: `https://%REQ(:authority)%${CALLBACK_PATH}`,
            logoutPath: SIGN_OUT_PATH,
            refreshToken: true,
            defaultRefreshTokenTTL: `${WEEK_HOURS}h`,
            // The API server, and with it RBAC, takes ID tokens of any provider; access tokens may be of any form.
            forwardIDToken: { header: "Authorization" },
            // A page's own requests cannot follow to a form: they get 401, and so do programs without a valid token.
            denyRedirect: {
                headers: [
                    { name: "sec-fetch-mode", type: "Exact", value: "cors" },
                    { name: "x-requested-with", type: "Exact", value: "XMLHttpRequest" },
                    { name: "authorization", type: "Prefix", value: "Bearer" },
                ],
            },
            cookieConfig: { sameSite: "Lax" },
        },
    };
}

/** Programs that bring a token: it must be of the provider, for a client of the platform, and not have ended. */
export function tokenPolicy(identity: Identity): object {
    return {
        targetSelectors: [routesWith(TOKEN_ACCESS)],
        jwt: {
            providers: [
                {
                    name: "identity",
                    issuer: identity.issuer,
                    audiences: identity.audiences,
                    remoteJWKS: { uri: identity.jwksUri, ...backendOf(identity) },
                },
            ],
        },
    };
}

/** Apps that sign people in themselves: said on purpose, for without a word a route asks for a session. */
export function openPolicy(): object {
    return { targetSelectors: [routesWith(OPEN_ACCESS)], authorization: { defaultAction: "Allow" } };
}

function routesWith(access: string): object {
    return { group: GATEWAY_GROUP, kind: "HTTPRoute", matchLabels: { [ACCESS_LABEL]: access } };
}

/** Straight to the provider in the cluster: its outer name leads through the gateway itself. */
function backendOf({ service }: Identity): object {
    if (service === undefined) return {};
    const { name, namespace, port } = service;
    return { backendRefs: [{ group: "", kind: "Service", name, namespace, port }] };
}
