import { createPrivateKey } from "node:crypto";

import Provider, { type Configuration as Settings, type KoaContextWithOIDC } from "oidc-provider";

import type { Client, Configuration } from "./configuration";
import { errorPage, signOutPage } from "./pages";
import { MemoryStore } from "./store";

/** Longer than the access token: whoever renews by that one's end never carries an ID token that has just ended. */
const ID_TOKEN_RESERVE_SECONDS = 60;
const CODE_SECONDS = 60;
const SIGN_IN_SECONDS = 10 * 60;

/** Path below which {@link file://./sign-in.ts} answers. */
export const SIGN_IN_PATH = "/sign-in/";

/** The OpenID Connect provider: authorization code with PKCE and refresh, and nothing besides. */
export function providerOf(configuration: Configuration): Provider {
    return new Provider(configuration.issuer, settingsOf(configuration));
}

function settingsOf(configuration: Configuration): Settings {
    const { accounts, clients, cookieKeys, tokenSeconds, sessionSeconds } = configuration;
    return {
        adapter: MemoryStore,
        clients: clients.map(clientOf),
        jwks: { keys: [{ ...signingKeyOf(configuration), use: "sig", alg: "RS256" }] },
        cookies: { keys: [...cookieKeys] },
        responseTypes: ["code"],
        scopes: ["openid", "profile", "email", "groups"],
        claims: {
            openid: ["sub"],
            profile: ["preferred_username", "name"],
            email: ["email", "email_verified"],
            groups: ["groups"],
        },
        // Kubernetes and its services see the ID token alone: it says what the scopes allow.
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        // A page asks many things at once, each with the same refresh token: the second must not end the session.
        rotateRefreshToken: false,
        issueRefreshToken: (_, client) => Promise.resolve(client.grantTypeAllowed("refresh_token")),
        ttl: {
            AccessToken: tokenSeconds,
            IdToken: tokenSeconds + ID_TOKEN_RESERVE_SECONDS,
            AuthorizationCode: CODE_SECONDS,
            RefreshToken: sessionSeconds,
            Grant: sessionSeconds,
            Session: sessionSeconds,
            Interaction: SIGN_IN_SECONDS,
        },
        features: {
            devInteractions: { enabled: false },
            rpInitiatedLogout: {
                enabled: true,
                logoutSource: (context, form) => answer(context, signOutPage(form)),
                postLogoutSuccessSource: (context) => answer(context, errorPage("Signed out", "You are signed out.")),
            },
        },
        interactions: { url: (_, { uid }) => `${SIGN_IN_PATH}${uid}` },
        loadExistingGrant: grantOf,
        findAccount: (_, name) => {
            const account = accounts[name];
            if (account === undefined) return undefined;
            const { email, groups } = account;
            const known = { email, email_verified: true, preferred_username: name, name, groups: [...groups] };
            return { accountId: name, claims: () => ({ sub: name, ...known }) };
        },
        renderError: (context, { error, error_description: why }) =>
            answer(context, errorPage("Sign-in failed", `${error}: ${why ?? "no more is known"}`)),
    };
}

function clientOf({ id, secret, authentication, redirectUris, signedOutUris }: Client) {
    return {
        client_id: id,
        client_secret: secret,
        token_endpoint_auth_method: authentication,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...signedOutUris],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code" as const],
    };
}

function signingKeyOf({ signingKey }: Configuration) {
    return createPrivateKey(signingKey).export({ format: "jwk" });
}

/** All clients are the platform's own: nobody is asked whether they may know who signs in. */
async function grantOf({ oidc }: KoaContextWithOIDC) {
    const { client, session, provider, params } = oidc;
    if (client === undefined || session?.accountId === undefined) return undefined;
    const known = session.grantIdFor(client.clientId);
    const found = known === undefined ? undefined : await provider.Grant.find(known);
    const grant = found ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(typeof params?.scope === "string" ? params.scope : "openid");
    await grant.save();
    return grant;
}

function answer(context: KoaContextWithOIDC, body: string): void {
    context.type = "html";
    context.body = body;
}
