import * as pulumi from "@pulumi/pulumi";

import { Identity } from "../contracts";

/** An OpenID Connect provider that stands outside: a company's own. */
export interface ExternalIdentityArgs {
    /** URL, as its tokens' `iss` says. */
    issuer: string;
    authorizationEndpoint: string;
    tokenEndpoint: string;
    userinfoEndpoint: string;
    /** Default: the provider has none. */
    endSessionEndpoint?: string;
    jwksUri: string;
    /** Client of the gateway. */
    clientId: string;
    /** Its secret. */
    clientSecret: pulumi.Input<string>;
    /** Client of JupyterHub. Default: the gateway's. */
    hubClientId?: string;
    /** Its secret. Default: the gateway's. */
    hubClientSecret?: pulumi.Input<string>;
    /** Default: `email`. */
    usernameClaim?: string;
    /** Default: `groups`. */
    groupsClaim?: string;
    /** What Kubernetes puts before names of users and groups. Default: `oidc:`. */
    prefix?: string;
    /** Group of the platform's administrators. Default: `platform-admins`. */
    adminGroup?: string;
    /** Scopes besides `openid`. Default: `email`, `profile` and `groups`. */
    scopes?: string[];
}

export const DEFAULT_PREFIX = "oidc:";
export const DEFAULT_ADMIN_GROUP = "platform-admins";

/** The contract of a provider that others run. Pure. */
export function externalIdentity(args: ExternalIdentityArgs): Identity {
    const hubId = args.hubClientId ?? args.clientId;
    return {
        issuer: args.issuer,
        authorizationEndpoint: args.authorizationEndpoint,
        tokenEndpoint: args.tokenEndpoint,
        userinfoEndpoint: args.userinfoEndpoint,
        ...(args.endSessionEndpoint !== undefined && { endSessionEndpoint: args.endSessionEndpoint }),
        jwksUri: args.jwksUri,
        audiences: [...new Set([args.clientId, hubId])],
        usernameClaim: args.usernameClaim ?? "email",
        groupsClaim: args.groupsClaim ?? "groups",
        prefix: args.prefix ?? DEFAULT_PREFIX,
        adminGroup: args.adminGroup ?? DEFAULT_ADMIN_GROUP,
        gateway: { clientId: args.clientId, clientSecret: args.clientSecret },
        hub: { clientId: hubId, clientSecret: args.hubClientSecret ?? args.clientSecret },
        scopes: args.scopes ?? ["email", "profile", "groups"],
    };
}
