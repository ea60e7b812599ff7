/** Tokens of service accounts that are not what they seem. */
import { createPrivateKey, generateKeyPairSync, KeyObject, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Claims = Readonly<Record<string, unknown>>;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export function claimsOf(token: string): Claims {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/** The same token with other claims, signed anew: by the cluster's own key where none is given. */
export function resigned(token: string, changed: Claims, key: KeyObject): string {
    const [header = ""] = token.split(".");
    const { alg } = JSON.parse(Buffer.from(header, "base64url").toString()) as { alg: string };
    if (alg !== "ES256") throw new Error(`tokens are signed with ${alg} now`);
    const text = `${header}.${encoded({ ...claimsOf(token), ...changed })}`;
    const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
}

/** The key with which the cluster signs tokens. */
export const clusterKey = (pki: string): KeyObject => createPrivateKey(readFileSync(join(pki, "sa.key")));

export const strangersKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

/** Other claims under the signature of before. */
export function altered(token: string, changed: Claims): string {
    const [header = "", , signature = ""] = token.split(".");
    return [header, encoded({ ...claimsOf(token), ...changed }), signature].join(".");
}

/** A token that says that it needs no signature. */
export function unsigned(token: string): string {
    return `${encoded({ alg: "none", typ: "JWT" })}.${token.split(".")[1] ?? ""}.`;
}
