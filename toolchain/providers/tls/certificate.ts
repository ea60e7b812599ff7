import { KeyObject, randomBytes } from "node:crypto";

import { boolean, contextTag, encode, integer, objectIdentifier, octetString, sequence, time, toPem } from "./der";
import { keyIdentifier, publicKeyDer, signatureAlgorithm, signed } from "./keys";
import { extendedKeyUsage, keyUsage } from "./usages";

/** Everything that a certificate says. */
export interface CertificateSpec {
    /** Subject as DER. */
    readonly subject: Buffer;
    /** GeneralNames as DER. */
    readonly alternativeNames: Buffer | undefined;
    readonly publicKey: Buffer;
    readonly allowedUses: readonly string[];
    readonly authority: boolean;
    readonly maxPathLength: number | undefined;
    readonly notBefore: Date;
    readonly notAfter: Date;
    readonly subjectKeyId: boolean;
    readonly authorityKeyId: Buffer | undefined;
}

export interface Issuer {
    /** Subject of the issuer as DER. */
    readonly name: Buffer;
    readonly key: KeyObject;
}

export interface Certificate {
    readonly pem: string;
    /** Serial number in decimal. */
    readonly serial: string;
}

const EXTENSIONS = {
    subjectKeyIdentifier: "2.5.29.14",
    keyUsage: "2.5.29.15",
    subjectAltName: "2.5.29.17",
    basicConstraints: "2.5.29.19",
    authorityKeyIdentifier: "2.5.29.35",
    extendedKeyUsage: "2.5.29.37",
} as const;

export const SUBJECT_ALT_NAME = EXTENSIONS.subjectAltName;

/** One extension: identifier, whether a reader that does not know it must refuse, and its value. */
export function extension(oid: string, critical: boolean, value: Buffer): Buffer {
    return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

export function issueCertificate(spec: CertificateSpec, issuer: Issuer): Certificate {
    const serial = serialNumber();
    const document = sequence(
        encode(contextTag(0, true), integer(Buffer.from([2]))),
        integer(serial),
        signatureAlgorithm(issuer.key).identifier,
        issuer.name,
        sequence(time(spec.notBefore), time(spec.notAfter)),
        spec.subject,
        spec.publicKey,
        encode(contextTag(3, true), sequence(...extensions(spec))),
    );
    const pem = toPem("CERTIFICATE", signed(document, issuer.key));
    return { pem, serial: BigInt(`0x${serial.toString("hex")}`).toString() };
}

/** 127 random bits: positive whatever they are, and never zero. */
function serialNumber(): Buffer {
    const bytes = randomBytes(16);
    bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
    return bytes;
}

function extensions(spec: CertificateSpec): Buffer[] {
    const usage = keyUsage(spec.allowedUses);
    const purposes = extendedKeyUsage(spec.allowedUses);
    const own = spec.subjectKeyId || spec.authority ? keyIdentifier(spec.publicKey) : undefined;
    const anonymous = spec.subject.length === 2;
    return [
        ...(usage === undefined ? [] : [extension(EXTENSIONS.keyUsage, true, usage)]),
        ...(purposes === undefined ? [] : [extension(EXTENSIONS.extendedKeyUsage, false, purposes)]),
        extension(EXTENSIONS.basicConstraints, true, basicConstraints(spec)),
        ...(own === undefined ? [] : [extension(EXTENSIONS.subjectKeyIdentifier, false, octetString(own))]),
        ...(spec.authorityKeyId === undefined
            ? []
            : [
                  extension(
                      EXTENSIONS.authorityKeyIdentifier,
                      false,
                      sequence(encode(contextTag(0, false), spec.authorityKeyId)),
                  ),
              ]),
        ...(spec.alternativeNames === undefined
            ? []
            : [extension(EXTENSIONS.subjectAltName, anonymous, spec.alternativeNames)]),
    ];
}

function basicConstraints({ authority, maxPathLength }: CertificateSpec): Buffer {
    if (!authority) return sequence();
    return sequence(
        boolean(true),
        ...(maxPathLength === undefined || maxPathLength < 0 ? [] : [integer(Buffer.from([maxPathLength]))]),
    );
}

/** A certificate request (PKCS#10) for this key, subject and names. */
export function certificateRequest(key: KeyObject, subject: Buffer, alternativeNames: Buffer | undefined): string {
    const wanted = alternativeNames === undefined ? [] : [extension(SUBJECT_ALT_NAME, false, alternativeNames)];
    const attributes =
        wanted.length === 0 ? [] : [sequence(objectIdentifier(EXTENSION_REQUEST), encode(0x31, sequence(...wanted)))];
    const document = sequence(
        integer(Buffer.from([0])),
        subject,
        publicKeyDer(key),
        encode(contextTag(0, true), ...attributes),
    );
    return toPem("CERTIFICATE REQUEST", signed(document, key));
}

/** PKCS#9's attribute that carries the extensions a request asks for. */
export const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
