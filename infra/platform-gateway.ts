import * as pulumi from "@pulumi/pulumi";

import { appUrl, Gateway, Identity, ImageSource } from "../components/contracts";
import {
    EnvoyGateway,
    GATEWAY_NAMESPACE,
    GatewayExposure,
    Route,
    RouteAccess,
    RouteBackend,
    SignIn,
} from "../components/gateway";
import { ApiServerTrust, externalIdentity, LocalIdentityProvider, PlatformAdmins } from "../components/identity";
import { gatewayPort } from "./gateway-port";
import { EntranceSpec, OidcIdentitySpec, ROOT } from "./spec";
import { stackSecret } from "./stack-secret";

interface EntranceFooting {
    readonly images: ImageSource;
    readonly protect: boolean;
    /** URL of the API server: on one machine the gateway's port is the next one. */
    readonly apiServer?: string;
    readonly opts: pulumi.ComponentResourceOptions;
}

/** The way in, once it stands; routes come after it. */
export interface Entrance {
    readonly gateway: Gateway;
    readonly identity: Identity;
    /** Passwords of the local provider's accounts; a secret. */
    readonly accounts?: pulumi.Output<{ [name: string]: string }>;
    /** Namespaces whose pods bring people to an app. */
    readonly callerNamespaces: string[];
    /** Host names of an app, as its own server must know them. */
    hostsOf(app: string): string[];
    /** Lays the way to an app and answers with its URL. Default: whoever has signed in gets through. */
    route(app: string, backend: RouteBackend, after: pulumi.Resource, access?: RouteAccess): string;
}

/** Builds gateway, identity provider and what they need of the API server, in the order of their needs. */
export function buildEntrance(spec: EntranceSpec, footing: EntranceFooting): Entrance {
    const { images, opts, protect } = footing;
    const { exposure, certificateArn, internal, sourceRanges } = spec;
    const envoy = new EnvoyGateway(
        "gateway",
        {
            images,
            domain: spec.domain,
            port: gatewayPort(spec, footing.apiServer),
            exposure,
            replicas: spec.replicas,
            protectCrds: protect,
            ...(spec.certificateSecret !== undefined && { certificateSecretName: spec.certificateSecret }),
            ...(exposure === GatewayExposure.LoadBalancer && {
                loadBalancer: {
                    internal,
                    sourceRanges: [...sourceRanges],
                    ...(certificateArn !== undefined && { certificateArn }),
                },
            }),
        },
        opts,
    );
    const { gateway } = envoy;
    const after = { ...opts, dependsOn: envoy };
    const { identity, accounts, provider } = identityOf(spec, gateway, footing, after);
    // The API server asks a new issuer for its keys at once: it comes after the way to them.
    const dependsOn = [envoy, ...(provider === undefined ? [] : [provider])];
    const signIn = new SignIn("sign-in", { gateway, identity }, { ...opts, dependsOn });
    if (provider !== undefined) new ApiServerTrust("api-server-trust", { identity }, { ...opts, dependsOn });
    new PlatformAdmins("mlp-platform-admins", { identity }, opts);
    return {
        gateway,
        identity,
        ...(accounts && { accounts }),
        callerNamespaces: [GATEWAY_NAMESPACE],
        hostsOf: (app) => [new URL(appUrl(gateway, app)).host],
        route: (app, backend, behind, access = RouteAccess.SignIn) =>
            new Route(app, { gateway, app, backend, access }, { ...opts, dependsOn: [signIn, behind] }).url,
    };
}

function identityOf(
    { identity }: EntranceSpec,
    gateway: Gateway,
    { images }: EntranceFooting,
    opts: pulumi.ComponentResourceOptions,
): Pick<Entrance, "identity" | "accounts"> & { provider?: pulumi.Resource } {
    if (identity.kind === "oidc") return { identity: companys(identity) };
    const accounts = identity.accounts.map(({ name, groups }) => ({ name, groups: [...groups] }));
    const provider = new LocalIdentityProvider("identity-provider", { images, gateway, accounts }, opts);
    const { prefix, adminGroup } = identity;
    return { identity: { ...provider.identity, prefix, adminGroup }, accounts: provider.accounts, provider };
}

function companys({
    endpoints,
    hubClientId,
    usernameClaim,
    groupsClaim,
    scopes,
    ...given
}: OidcIdentitySpec): Identity {
    return externalIdentity({
        issuer: given.issuer,
        authorizationEndpoint: endpoints.authorization,
        tokenEndpoint: endpoints.token,
        userinfoEndpoint: endpoints.userinfo,
        ...(endpoints.endSession !== undefined && { endSessionEndpoint: endpoints.endSession }),
        jwksUri: endpoints.jwks,
        clientId: given.clientId,
        clientSecret: stackSecret("oidcClientSecret", `${ROOT}.identity.clientId`),
        ...(hubClientId !== undefined && {
            hubClientId,
            hubClientSecret: stackSecret("oidcHubClientSecret", `${ROOT}.identity.hubClientId`),
        }),
        ...(usernameClaim !== undefined && { usernameClaim }),
        ...(groupsClaim !== undefined && { groupsClaim }),
        ...(scopes && { scopes: [...scopes] }),
        prefix: given.prefix,
        adminGroup: given.adminGroup,
    });
}
