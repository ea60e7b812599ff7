import { createSign, generateKeyPairSync, KeyObject, createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";

import { dataDir } from "../../toolchain/paths";
import { LocalPlatform } from "./local-platform";

const ENVIRONMENT = process.env.MLP_ENVIRONMENT ?? "local";

/** What a request through the gateway is answered with. */
export interface GatewayAnswer {
    readonly status: number;
    readonly location: string | undefined;
    readonly body: string;
}

/** The way in of the running platform, as programs without a browser use it. */
export class EntranceOf {
    private readonly ca = readFileSync(join(dataDir("gateway"), "ca.crt"), "utf8");
    private readonly key: KeyObject;

    private constructor(
        readonly urls: Readonly<Record<string, string>>,
        readonly passwords: ReadonlyMap<string, string>,
        signingKey: string,
    ) {
        this.key = createPrivateKey(signingKey);
    }

    static async find(platform: LocalPlatform): Promise<EntranceOf> {
        const accounts = await platform.mlp(["accounts", "--env", ENVIRONMENT]);
        const pages = await platform.mlp(["ui", "--env", ENVIRONMENT]);
        if (accounts.code !== 0 || pages.code !== 0) throw new Error(accounts.output + pages.output);
        const words = (text: string) => text.split("\n").map((line) => line.trim().split(/\s+/));
        const secret = platform.get<{ data: Record<string, string> }>(
            "secret",
            "identity-provider-configuration",
            "-n",
            "mlp-identity",
        );
        const urls = words(pages.stdout).filter(([, url]) => url?.startsWith("https://") === true);
        return new EntranceOf(
            Object.fromEntries(urls.map(([app = "", url = ""]) => [app, url])),
            new Map(words(accounts.stdout).map(([name = "", password = ""]) => [name, password])),
            Buffer.from(secret.data["signing-key.pem"] ?? "", "base64").toString(),
        );
    }

    /** The provider's URL, as its tokens say. */
    get issuer(): string {
        return new URL((this.urls.argo ?? "").replace("//argo.", "//id.")).origin;
    }

    /** A token as the provider itself would sign it, for the gateway's client; `change` makes it a bad one. */
    async token(
        name: string,
        groups: readonly string[],
        change: Readonly<Record<string, unknown>> = {},
    ): Promise<string> {
        const { keys } = JSON.parse((await this.ask(`${this.issuer}/jwks`)).body) as { keys: { kid: string }[] };
        return this.sign(this.key, keys[0]?.kid ?? "", name, groups, change);
    }

    /** The same, signed by a key that the provider does not know. */
    forged(name: string, groups: readonly string[]): string {
        const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        return this.sign(privateKey, randomUUID(), name, groups, {});
    }

    private sign(key: KeyObject, kid: string, name: string, groups: readonly string[], change: object): string {
        const now = Math.floor(Date.now() / 1000);
        const claims = {
            iss: this.issuer,
            aud: "gateway",
            sub: name,
            preferred_username: name,
            groups,
            iat: now,
            exp: now + 300,
            ...change,
        };
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        const signed = `${part({ alg: "RS256", typ: "JWT", kid })}.${part(claims)}`;
        return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
    }

    /** Asks without following redirects; every name below the gateway's domain is this machine. */
    ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<GatewayAnswer> {
        return new Promise((resolve, reject) => {
            const sent = request(url, { ca: this.ca, headers, lookup: toLoopback }, (response) => {
                let body = "";
                response.on("data", (chunk: Buffer) => (body += chunk.toString()));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
                );
            });
            sent.on("error", reject);
            sent.end();
        });
    }
}

type Found = (error: null, address: string | { address: string; family: number }[], family?: number) => void;

function toLoopback(_: string, { all }: { all?: boolean | undefined }, found: Found): void {
    if (all === true) found(null, [{ address: "127.0.0.1", family: 4 }]);
    else found(null, "127.0.0.1", 4);
}
