import { createPublicKey, verify } from "node:crypto";

import { ProviderError } from "../base/errors";
import { EXTENSION_REQUEST, SUBJECT_ALT_NAME } from "./certificate";
import { children, contextTag, Element, elements, fromPem, objectIdentifier, Tag } from "./der";
import { signatureAlgorithm } from "./keys";

/** What a certificate request asks for. */
export interface ParsedRequest {
    readonly subject: Buffer;
    readonly publicKey: Buffer;
    readonly alternativeNames: Buffer | undefined;
}

/** Reads a certificate request and checks that its author holds the private key. */
export function parseRequest(pem: string): ParsedRequest {
    const [document, , signature] = children(readPem("CERTIFICATE REQUEST", pem, "certRequestPem"));
    const [, subject, publicKey, attributes] = elements(document?.content ?? Buffer.alloc(0));
    if (document === undefined || signature === undefined || subject === undefined || publicKey === undefined) {
        throw new ProviderError("certRequestPem: this is no certificate request (PKCS#10)");
    }
    const key = createPublicKey({ key: publicKey.raw, format: "der", type: "spki" });
    if (!verify(signatureAlgorithm(key).hash, document.raw, key, signature.content.subarray(1))) {
        throw new ProviderError("certRequestPem: its signature does not fit its public key; create it anew");
    }
    return {
        subject: subject.raw,
        publicKey: publicKey.raw,
        alternativeNames: requestedNames(attributes),
    };
}

function requestedNames(attributes: Element | undefined): Buffer | undefined {
    for (const attribute of attributes === undefined ? [] : elements(attributes.content)) {
        const [oid, values] = elements(attribute.content);
        if (oid === undefined || values === undefined || !oid.raw.equals(objectIdentifier(EXTENSION_REQUEST))) continue;
        const [requested] = elements(values.content);
        return requested === undefined ? undefined : extensionValue(elements(requested.content), SUBJECT_ALT_NAME);
    }
    return undefined;
}

/** What an issuing certificate says about itself. */
export interface ParsedAuthority {
    readonly subject: Buffer;
    readonly publicKey: Buffer;
    readonly subjectKeyId: Buffer | undefined;
}

export function parseAuthority(pem: string): ParsedAuthority {
    const [document] = children(readPem("CERTIFICATE", pem, "caCertPem"));
    const fields = elements(document?.content ?? Buffer.alloc(0));
    // Version and extensions are optional: count from the serial number.
    const first = fields.findIndex(({ tag }) => tag === Tag.Integer);
    const subject = fields[first + 4];
    const publicKey = fields[first + 5];
    if (subject === undefined || publicKey === undefined) {
        throw new ProviderError("caCertPem: this is no X.509 certificate");
    }
    const extensions = fields.find(({ tag }) => tag === contextTag(3, true));
    const list = extensions === undefined ? [] : children(extensions.content);
    const identifier = extensionValue(list, "2.5.29.14");
    return {
        subject: subject.raw,
        publicKey: publicKey.raw,
        subjectKeyId: identifier === undefined ? undefined : elements(identifier)[0]?.content,
    };
}

function extensionValue(extensions: readonly Element[], oid: string): Buffer | undefined {
    const wanted = objectIdentifier(oid);
    const found = extensions.map(({ content }) => elements(content)).find(([name]) => name?.raw.equals(wanted));
    return found?.at(-1)?.content;
}

function readPem(label: string, pem: string, property: string): Buffer {
    try {
        return fromPem(label, pem);
    } catch (error) {
        throw new ProviderError(`${property}: ${error instanceof Error ? error.message : String(error)}`);
    }
}
