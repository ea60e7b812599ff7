import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { ServerCertificate } from "../certificates";
import { appUrl, Gateway, Identity, ImageSource, OidcClient } from "../contracts";
import { CALLBACK_PATH, Route, RouteAccess } from "../gateway";
import { checksumOf } from "../kubernetes/checksum";
import { Controller } from "../kubernetes/controller";
import { podSecurityLabels } from "../kubernetes/hardening";
import { inNamespace } from "../kubernetes/network";
import { DEFAULT_ADMIN_GROUP, DEFAULT_PREFIX } from "./external";
import { LocalAccount, ProviderSpec, resolveProvider } from "./resolve";
import { ClientSecret, configurationOf } from "./secret";

export { PlatformAdmins } from "./admins";
export type { PlatformAdminsArgs } from "./admins";
export { externalIdentity } from "./external";
export type { ExternalIdentityArgs } from "./external";
export { resolveProvider } from "./resolve";
export type { LocalAccount } from "./resolve";
export { ApiServerTrust } from "./trust";
export type { ApiServerTrustArgs } from "./trust";

export const IDENTITY_NAMESPACE = "mlp-identity";

export interface LocalIdentityProviderArgs {
    /** Must hold `identity-provider`. */
    images: ImageSource;
    /** Under whose app `id` it answers. */
    gateway: Gateway;
    /** Who can sign in, each with a password that Pulumi makes. */
    accounts: LocalAccount[];
    /** Apps behind the gateway's sign-in, by the first label of their host names. Default: `argo` and `mlflow`. */
    apps?: string[];
    /** Life of a token; sessions renew theirs. Default: 10. */
    tokenMinutes?: number;
    /** Hours after which the password is asked again. Default: 10. */
    sessionHours?: number;
}

/**
 * A stand-in for a company's identity provider: OpenID Connect with accounts that Pulumi makes, for one machine.
 *
 * Tokens are signed with a key from Pulumi, so that a restart leaves them valid; its sessions are in memory, so that a
 * restart asks for the password again.
 */
export class LocalIdentityProvider extends pulumi.ComponentResource {
    /** What the gateway, the hub and the API server need of it. */
    readonly identity: Identity;
    /** Passwords by account; a secret. */
    readonly accounts: pulumi.Output<{ [name: string]: string }>;

    constructor(name: string, args: LocalIdentityProviderArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:LocalIdentityProvider", name, {}, opts);
        const spec = resolveProvider(args, name);
        const parent = { parent: this };
        const issuer = appUrl(args.gateway, APP);
        const namespace = new k8s.core.v1.Namespace(
            IDENTITY_NAMESPACE,
            { metadata: { name: IDENTITY_NAMESPACE, labels: podSecurityLabels("restricted") } },
            parent,
        ).metadata.name;
        this.accounts = this.passwords(name, spec);
        const clients = { gateway: this.client(name, "gateway"), hub: this.client(name, "hub") };
        const certificate = new ServerCertificate(SERVICE, { namespace, serviceName: SERVICE }, parent);
        const { secret, checksum } = this.configuration(name, spec, namespace, clients, args);
        const server = new Controller(
            SERVICE,
            {
                namespace,
                image: spec.image,
                component: "server",
                args: [],
                single: true,
                ports: [{ name: "https", port: PORT, servicePort: PORT }],
                health: { port: "https", ready: "/healthz", scheme: "HTTPS" },
                certificateSecret: certificate.secretName,
                certificatePath: "/etc/identity-provider-tls",
                volumes: [
                    {
                        volume: { name: "settings", secret: { secretName: secret, defaultMode: 0o440 } },
                        mountPath: "/etc/identity-provider",
                    },
                ],
                // Accounts and clients are read at the start only.
                podAnnotations: { "mlp.dev/configuration": checksum },
                callers: [inNamespace(args.gateway.namespace)],
                memory: { request: "96Mi", limit: "256Mi" },
            },
            parent,
        );
        const { caCertificates } = certificate;
        const serviceName = server.serviceName;
        new Route(
            APP,
            {
                gateway: args.gateway,
                app: APP,
                access: RouteAccess.Open,
                backend: { namespace, serviceName, port: PORT, caCertificates },
            },
            parent,
        );
        this.identity = {
            issuer,
            authorizationEndpoint: `${issuer}/auth`,
            tokenEndpoint: `${issuer}/token`,
            userinfoEndpoint: `${issuer}/me`,
            endSessionEndpoint: `${issuer}/session/end`,
            jwksUri: `${issuer}/jwks`,
            ...(args.gateway.caCertificates !== undefined && { caCertificates: args.gateway.caCertificates }),
            audiences: Object.values(clients).map(({ clientId }) => clientId),
            usernameClaim: "preferred_username",
            groupsClaim: "groups",
            prefix: DEFAULT_PREFIX,
            adminGroup: DEFAULT_ADMIN_GROUP,
            ...clients,
            scopes: ["profile", "email", "groups"],
            service: { namespace, name: serviceName, port: PORT, caCertificates },
        };
        this.registerOutputs({ identity: this.identity, accounts: this.accounts });
    }

    private passwords(name: string, { accounts }: ProviderSpec): pulumi.Output<{ [name: string]: string }> {
        const made = accounts.map((account) => {
            const password = new random.RandomPassword(
                `${name}-${account.name}`,
                // Four groups' worth of bits without a character that needs a shift on some keyboard.
                { length: 20, special: false, upper: false },
                { parent: this },
            );
            return [account.name, password.result] as const;
        });
        return pulumi.secret(pulumi.all(Object.fromEntries(made)));
    }

    private client(name: string, clientId: string): OidcClient {
        const secret = new random.RandomPassword(
            `${name}-client-${clientId}`,
            { length: 40, special: false },
            { parent: this },
        );
        return { clientId, clientSecret: secret.result };
    }

    private configuration(
        name: string,
        spec: ProviderSpec,
        namespace: pulumi.Output<string>,
        clients: { gateway: OidcClient; hub: OidcClient },
        { gateway, apps = ["argo", "mlflow"] }: LocalIdentityProviderArgs,
    ): { secret: pulumi.Output<string>; checksum: pulumi.Output<string> } {
        const parent = { parent: this };
        const signing = new tls.PrivateKey(`${name}-tokens`, { algorithm: "RSA", rsaBits: 2048 }, parent);
        const cookies = new random.RandomPassword(`${name}-cookies`, { length: 40, special: false }, parent);
        const text = pulumi
            .all([this.accounts, cookies.result, clients.gateway.clientSecret, clients.hub.clientSecret])
            .apply(([passwords, cookieKey, gatewaySecret, hubSecret]) =>
                configurationOf(spec, appUrl(gateway, APP), {
                    passwords,
                    cookieKey,
                    clients: [
                        gatewayClient(clients.gateway.clientId, gatewaySecret, gateway, apps),
                        hubClient(clients.hub.clientId, hubSecret, gateway),
                    ],
                }),
            );
        // Not the Service's own name, which its certificate has.
        const secretName = `${SERVICE}-configuration`;
        const secret = new k8s.core.v1.Secret(
            secretName,
            {
                metadata: { name: secretName, namespace },
                stringData: {
                    "config.json": pulumi.secret(text),
                    "signing-key.pem": signing.privateKeyPem,
                },
            },
            parent,
        );
        return { secret: secret.metadata.name, checksum: checksumOf(text, signing.publicKeyPem) };
    }
}

/** First label of its host name. */
const APP = "id";
const SERVICE = "identity-provider";
const PORT = 8443;

function gatewayClient(id: string, secret: string, gateway: Gateway, apps: readonly string[]): ClientSecret {
    const urls = apps.map((app) => appUrl(gateway, app));
    return {
        id,
        secret,
        authentication: "client_secret_basic",
        redirectUris: urls.map((url) => `${url}${CALLBACK_PATH}`),
        signedOutUris: urls.map((url) => `${url}/`),
    };
}

function hubClient(id: string, secret: string, gateway: Gateway): ClientSecret {
    const url = appUrl(gateway, "hub");
    return {
        id,
        secret,
        authentication: "client_secret_post",
        redirectUris: [`${url}/hub/oauth_callback`],
        signedOutUris: [`${url}/`, `${url}/hub/login`],
    };
}
