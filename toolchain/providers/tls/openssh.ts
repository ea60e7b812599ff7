import { createHash, createPublicKey, KeyObject, randomBytes } from "node:crypto";

import { toPem } from "./der";
import { algorithmOf } from "./keys";

/** OpenSSH knows no P224. */
const CURVE_NAMES: Readonly<Record<string, string>> = {
    prime256v1: "nistp256",
    secp384r1: "nistp384",
    secp521r1: "nistp521",
};

function text(value: string | Buffer): Buffer {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
}

/** SSH's mpint: a sign byte where the first bit is set. */
function number(base64url: string | undefined): Buffer {
    const bytes = Buffer.from(base64url ?? "", "base64url");
    return text(((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

interface Encoded {
    readonly type: string;
    readonly blob: Buffer;
    /** The fields of the private half, after the type. */
    readonly secret: Buffer;
}

function encodeKey(key: KeyObject): Encoded | undefined {
    const algorithm = algorithmOf(key);
    const curve = CURVE_NAMES[key.asymmetricKeyDetails?.namedCurve ?? ""];
    if (algorithm === "ECDSA" && curve === undefined) return undefined;
    const jwk = key.export({ format: "jwk" });
    switch (algorithm) {
        case "RSA": {
            const blob = Buffer.concat([text("ssh-rsa"), number(jwk.e), number(jwk.n)]);
            const parts = [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(number);
            return { type: "ssh-rsa", blob, secret: Buffer.concat(parts) };
        }
        case "ECDSA": {
            const type = `ecdsa-sha2-${curve ?? ""}`;
            const point = Buffer.concat([Buffer.from([4]), coordinate(jwk.x), coordinate(jwk.y)]);
            const open = Buffer.concat([text(curve ?? ""), text(point)]);
            return { type, blob: Buffer.concat([text(type), open]), secret: Buffer.concat([open, number(jwk.d)]) };
        }
        case "ED25519": {
            const open = coordinate(jwk.x);
            const blob = Buffer.concat([text("ssh-ed25519"), text(open)]);
            const secret = Buffer.concat([text(open), text(Buffer.concat([coordinate(jwk.d), open]))]);
            return { type: "ssh-ed25519", blob, secret };
        }
    }
}

const coordinate = (base64url: string | undefined): Buffer => Buffer.from(base64url ?? "", "base64url");

/** The four OpenSSH forms of a key; empty for the one curve that OpenSSH does not know. */
export function opensshForms(key: KeyObject) {
    const encoded = encodeKey(key);
    if (encoded === undefined) {
        const empty = "";
        return {
            privateKeyOpenssh: empty,
            publicKeyOpenssh: empty,
            publicKeyFingerprintMd5: empty,
            publicKeyFingerprintSha256: empty,
        };
    }
    const { type, blob } = encoded;
    const md5 = createHash("md5").update(blob).digest("hex").match(/../g) ?? [];
    const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
    return {
        privateKeyOpenssh: toPem("OPENSSH PRIVATE KEY", privateDocument(encoded)),
        publicKeyOpenssh: `${type} ${blob.toString("base64")}\n`,
        publicKeyFingerprintMd5: md5.join(":"),
        publicKeyFingerprintSha256: `SHA256:${sha256}`,
    };
}

function privateDocument({ type, blob, secret }: Encoded): Buffer {
    // The same random number twice is how a reader knows that it has decrypted rightly.
    const check = randomBytes(4);
    const body = Buffer.concat([check, check, text(type), secret, text("")]);
    const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
    const count = Buffer.from([0, 0, 0, 1]);
    const envelope = [text("none"), text("none"), text(""), count, text(blob), text(Buffer.concat([body, padding]))];
    return Buffer.concat([Buffer.from("openssh-key-v1\0", "latin1"), ...envelope]);
}

/** The public forms of a private key, as getPublicKey gives them. */
export function publicForms(key: KeyObject) {
    const { publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256 } = opensshForms(key);
    const publicKeyPem = createPublicKey(key).export({ format: "pem", type: "spki" }).toString();
    return { publicKeyPem, publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256 };
}
