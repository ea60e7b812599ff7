import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject, sign } from "node:crypto";

import { ProviderError } from "../base/errors";
import { children, encode, objectIdentifier, sequence, Tag } from "./der";

export const KEY_ALGORITHMS = ["RSA", "ECDSA", "ED25519"] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

export const CURVES = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;
export type Curve = keyof typeof CURVES;

/** The request for a key, all defaults filled in. */
export interface KeySpec {
    readonly algorithm: KeyAlgorithm;
    readonly curve: Curve;
    readonly rsaBits: number;
}

export function generateKey({ algorithm, curve, rsaBits }: KeySpec): KeyObject {
    switch (algorithm) {
        case "RSA":
            return generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
        case "ECDSA":
            return generateKeyPairSync("ec", { namedCurve: CURVES[curve] }).privateKey;
        case "ED25519":
            return generateKeyPairSync("ed25519").privateKey;
    }
}

/** Reads a private key; the message never shows any of it. */
export function parseKey(pem: string, property: string): KeyObject {
    try {
        return createPrivateKey(pem);
    } catch {
        throw new ProviderError(`${property}: this is no private key in PEM (PKCS#1, SEC 1 or PKCS#8, unencrypted)`);
    }
}

const ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

export function algorithmOf(key: KeyObject): KeyAlgorithm {
    const algorithm = ALGORITHMS[key.asymmetricKeyType ?? ""];
    if (algorithm !== undefined) return algorithm;
    const allowed = KEY_ALGORITHMS.join(", ");
    throw new ProviderError(`a key of type ${key.asymmetricKeyType ?? "unknown"} is not allowed; one of ${allowed}`);
}

/** The private key in the oldest form that its algorithm has, as the official plugin writes it. */
export function privateKeyPem(key: KeyObject): string {
    const type = { RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const;
    return key.export({ format: "pem", type: type[algorithmOf(key)] }).toString();
}

/** SubjectPublicKeyInfo of the public half. */
export function publicKeyDer(key: KeyObject): Buffer {
    const half = key.type === "public" ? key : createPublicKey(key);
    return half.export({ format: "der", type: "spki" });
}

/** RFC 5280's usual identifier of a key: the SHA-1 of its bit string. */
export function keyIdentifier(spki: Buffer): Buffer {
    const bits = children(spki)[1]?.content.subarray(1) ?? Buffer.alloc(0);
    return createHash("sha1").update(bits).digest();
}

interface SignatureAlgorithm {
    readonly hash: string | null;
    readonly identifier: Buffer;
}

const ECDSA_SIGNATURES: Readonly<Record<string, { hash: string; oid: string }>> = {
    secp384r1: { hash: "sha384", oid: "1.2.840.10045.4.3.3" },
    secp521r1: { hash: "sha512", oid: "1.2.840.10045.4.3.4" },
};

/** The signature algorithm that fits a key: a hash as strong as its curve. */
export function signatureAlgorithm(key: KeyObject): SignatureAlgorithm {
    switch (algorithmOf(key)) {
        case "RSA": {
            const none = encode(0x05);
            return { hash: "sha256", identifier: sequence(objectIdentifier("1.2.840.113549.1.1.11"), none) };
        }
        case "ECDSA": {
            const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
            const { hash, oid } = ECDSA_SIGNATURES[curve] ?? { hash: "sha256", oid: "1.2.840.10045.4.3.2" };
            return { hash, identifier: sequence(objectIdentifier(oid)) };
        }
        case "ED25519":
            return { hash: null, identifier: sequence(objectIdentifier("1.3.101.112")) };
    }
}

/** Signs a document and appends algorithm and signature, as certificates and their requests have it. */
export function signed(document: Buffer, key: KeyObject): Buffer {
    const { hash, identifier } = signatureAlgorithm(key);
    const signature = sign(hash, document, key);
    return sequence(document, identifier, encode(Tag.BitString, Buffer.from([0]), signature));
}
