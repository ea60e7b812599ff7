import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const LENGTH = 32;

/** As no password gives it: checked for unknown names, so that they take as long as known ones. */
const NOBODY = `scrypt:${randomBytes(16).toString("base64url")}:${randomBytes(LENGTH).toString("base64url")}`;

/** Whether a password belongs to what is stored of it; without anything stored the answer is no, and takes as long. */
export async function matches(password: string, stored: string = NOBODY): Promise<boolean> {
    const [kind, salt = "", hash = ""] = stored.split(":");
    const expected = Buffer.from(hash, "base64url");
    if (kind !== "scrypt" || expected.length !== LENGTH) return false;
    return timingSafeEqual(await derive(password, Buffer.from(salt, "base64url")), expected);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        scrypt(password, salt, LENGTH, (error, key) => (error === null ? resolve(key) : reject(error)));
    });
}
