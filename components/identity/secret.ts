import { createHash, scryptSync } from "node:crypto";

import { ProviderSpec } from "./resolve";

/** What only exists once Pulumi has made it. */
export interface Secrets {
    /** Passwords by account. */
    readonly passwords: Readonly<Record<string, string>>;
    readonly cookieKey: string;
    readonly clients: readonly ClientSecret[];
}

export interface ClientSecret {
    readonly id: string;
    readonly secret: string;
    readonly authentication: "client_secret_basic" | "client_secret_post";
    readonly redirectUris: readonly string[];
    readonly signedOutUris: readonly string[];
}

/** The provider's configuration file, as services/identity-provider reads it. It holds no password, only what proves one. */
export function configurationOf(
    { accounts, tokenSeconds, sessionSeconds }: ProviderSpec,
    issuer: string,
    { passwords, cookieKey, clients }: Secrets,
): string {
    const known = accounts.map(({ name, groups }) => {
        const password = storedPassword(name, passwords[name] ?? "");
        return [name, { email: `${name}@mlp.localhost`, groups, password }];
    });
    return JSON.stringify({
        issuer,
        accounts: Object.fromEntries(known) as object,
        clients,
        cookieKeys: [cookieKey],
        tokenSeconds,
        sessionSeconds,
    });
}

/** Salted by the account's own name and password, so that equal inputs give equal bytes on every run. */
function storedPassword(name: string, password: string): string {
    const salt = createHash("sha256").update(`${name}\n${password}`).digest().subarray(0, 16);
    return `scrypt:${salt.toString("base64url")}:${scryptSync(password, salt, 32).toString("base64url")}`;
}
