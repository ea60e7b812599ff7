import { z } from "zod";

import { GatewayExposure } from "../components/gateway/resolve";
import { name } from "./config-names";

const domain = z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, "a domain, such as ml.example.org");

export const gateway = z
    .strictObject({
        enabled: z.boolean().default(false).describe("Install Envoy Gateway: pages and APIs over HTTPS, with sign-in."),
        domain: domain
            .exactOptional()
            .describe("Apps stand below it. Default: `mlp.localhost` with `embedded`, else `dns.domain`."),
        port: z
            .int()
            .min(1)
            .max(55_535)
            .exactOptional()
            .describe("Port of its URLs. Default: one above the API server's with `embedded`, else 443."),
        exposure: z
            .enum(GatewayExposure)
            .exactOptional()
            .describe("`loopback` or `loadBalancer`. Default: `loopback` with `embedded`, else `loadBalancer`."),
        replicas: z.int().min(1).max(9).exactOptional().describe("Proxies. Default: 1 in local, else 2."),
        certificateSecret: name
            .exactOptional()
            .describe(
                "TLS Secret in `mlp-gateway` for `*.<domain>` that others renew. Default: one of a CA of our own.",
            ),
        certificateArn: z
            .string()
            .regex(/^arn:[^:]+:acm:/, "the ARN of a certificate: arn:aws:acm:…")
            .exactOptional()
            .describe("Certificate that the load balancer shows. Default: the gateway's own is passed through."),
        internal: z.boolean().default(false).describe("The load balancer is reachable in its network alone."),
        sourceRanges: z
            .array(z.string().min(1))
            .default([])
            .describe("Ranges of addresses that may connect to the load balancer. Default: every one."),
    })
    .describe("The way in from outside: Envoy Gateway.");

export const IdentityKind = {
    /** A stand-in of ours in the cluster, with accounts that Pulumi makes. */
    Local: "local",
    /** A company's own provider. */
    Oidc: "oidc",
} as const;
export type IdentityKind = (typeof IdentityKind)[keyof typeof IdentityKind];

const account = z.strictObject({
    name: z.string().min(1).describe("What is typed at sign-in."),
    groups: z.array(z.string().min(1)).default([]).describe("Groups, such as `team-vision` or `platform-admins`."),
});

const endpoints = z
    .strictObject({
        authorization: z.url().describe("`authorization_endpoint`."),
        token: z.url().describe("`token_endpoint`."),
        userinfo: z.url().describe("`userinfo_endpoint`."),
        jwks: z.url().describe("`jwks_uri`."),
        endSession: z.url().exactOptional().describe("`end_session_endpoint`. Default: the provider has none."),
    })
    .describe("As <issuer>/.well-known/openid-configuration names them. Needed with `oidc`.");

export const identity = z
    .strictObject({
        kind: z
            .enum(IdentityKind)
            .exactOptional()
            .describe("`local`, a stand-in, or `oidc`. Default: `local` with `embedded`, else `oidc`."),
        accounts: z
            .array(account)
            .exactOptional()
            .describe("Who can sign in with `local`. Default: `admin`, and one for each team, called as the team."),
        issuer: z.url().exactOptional().describe("URL of the provider, as its tokens say. Needed with `oidc`."),
        endpoints: endpoints.exactOptional(),
        clientId: z
            .string()
            .min(1)
            .exactOptional()
            .describe("Client of the gateway; its secret is the stack's `mlp:oidcClientSecret`. Needed with `oidc`."),
        hubClientId: z
            .string()
            .min(1)
            .exactOptional()
            .describe("Client of JupyterHub; its secret is `mlp:oidcHubClientSecret`. Default: the gateway's client."),
        usernameClaim: z.string().min(1).exactOptional().describe("Claim with the user's name. Default: `email`."),
        groupsClaim: z.string().min(1).exactOptional().describe("Claim with the groups. Default: `groups`."),
        scopes: z
            .array(z.string().min(1))
            .exactOptional()
            .describe("Scopes besides `openid`. Default: email, profile and groups."),
        prefix: z
            .string()
            .regex(/^[a-z][a-z0-9-]*:$/, "small letters and a colon, such as oidc:")
            .default("oidc:")
            .describe("What Kubernetes puts before names of users and groups."),
        adminGroup: z.string().min(1).default("platform-admins").describe("Group of the platform's administrators."),
    })
    .describe("Who says who somebody is, with the gateway.");
