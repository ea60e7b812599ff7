import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Somebody who can sign in. */
export interface Account {
    readonly email: string;
    readonly groups: readonly string[];
    /** `scrypt:<salt>:<hash>`, both in base64url. */
    readonly password: string;
}

/** An application that sends people here. */
export interface Client {
    readonly id: string;
    readonly secret: string;
    /** How it shows its secret at the token endpoint. */
    readonly authentication: "client_secret_basic" | "client_secret_post";
    readonly redirectUris: readonly string[];
    /** Where people may be sent after they have signed out. */
    readonly signedOutUris: readonly string[];
}

/** What the provider is told by its Secret. */
export interface Configuration {
    readonly issuer: string;
    /** By name. */
    readonly accounts: Readonly<Record<string, Account>>;
    readonly clients: readonly Client[];
    /** Sign the cookies; the first signs new ones. */
    readonly cookieKeys: readonly string[];
    /** Life of a token. */
    readonly tokenSeconds: number;
    /** Life of a session, after which the password is asked again. */
    readonly sessionSeconds: number;
    /** Private key of the tokens, in PEM. */
    readonly signingKey: string;
}

/** Reads the Secret that is mounted at `folder`. */
export function readConfiguration(folder: string): Configuration {
    const text = readFileSync(join(folder, "config.json"), "utf8");
    const signingKey = readFileSync(join(folder, "signing-key.pem"), "utf8");
    return { ...(JSON.parse(text) as Omit<Configuration, "signingKey">), signingKey };
}
