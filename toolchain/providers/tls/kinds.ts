import { createHash, createPublicKey, KeyObject } from "node:crypto";

import { ProviderError } from "../base/errors";
import { Generated, GeneratedKind } from "../base/generated";
import { JsonObject, numberAt, objectAt, stringAt } from "../base/json";
import { CheckFailure } from "../base/provider";
import { certificateRequest, issueCertificate } from "./certificate";
import { algorithmOf, Curve, CURVES, generateKey, KEY_ALGORITHMS, KeyAlgorithm, parseKey, privateKeyPem } from "./keys";
import { keyIdentifier, publicKeyDer } from "./keys";
import { alternativeNames, distinguishedName, generalNames, strings } from "./names";
import { opensshForms, publicForms } from "./openssh";
import { parseAuthority, parseRequest } from "./parse";
import { readyForRenewal, rfc3339, validity } from "./renewal";
import { ALLOWED_USES } from "./usages";

const sha1 = (content: string): string => createHash("sha1").update(content).digest("hex");

const privateKey: GeneratedKind = {
    required: ["algorithm"],
    defaults: { ecdsaCurve: "P224", rsaBits: 2048 },
    computed: [
        "privateKeyPem",
        "privateKeyPemPkcs8",
        "privateKeyOpenssh",
        "publicKeyPem",
        "publicKeyOpenssh",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
    ],
    secrets: ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"],
    updatable: [],
    validate: (inputs) => [
        ...oneOf(inputs, "algorithm", KEY_ALGORITHMS),
        ...oneOf(inputs, "ecdsaCurve", Object.keys(CURVES)),
    ],
    generate: (inputs) => {
        const key = generateKey({
            algorithm: inputs.algorithm as KeyAlgorithm,
            curve: inputs.ecdsaCurve as Curve,
            rsaBits: numberAt(inputs, "rsaBits") ?? 2048,
        });
        const outputs = {
            privateKeyPem: privateKeyPem(key),
            privateKeyPemPkcs8: key.export({ format: "pem", type: "pkcs8" }).toString(),
            ...opensshForms(key),
            ...publicForms(key),
        };
        return { id: createHash("sha1").update(publicKeyDer(key)).digest("hex"), outputs };
    },
};

const request: GeneratedKind = {
    required: ["privateKeyPem"],
    defaults: {},
    computed: ["certRequestPem", "keyAlgorithm"],
    secrets: ["privateKeyPem"],
    updatable: [],
    validate: () => [],
    generate: (inputs) => {
        const key = keyOf(inputs, "privateKeyPem");
        const subject = distinguishedName(objectAt(inputs, "subject"));
        const certRequestPem = certificateRequest(key, subject, generalNames(alternativeNames(inputs)));
        return { id: sha1(certRequestPem), outputs: { certRequestPem, keyAlgorithm: algorithmOf(key) } };
    },
};

const CERTIFICATE = {
    computed: ["certPem", "validityStartTime", "validityEndTime", "readyForRenewal"],
    updatable: ["earlyRenewalHours"],
    age: (outputs: JsonObject): JsonObject => ({ ...outputs, readyForRenewal: readyForRenewal(outputs, new Date()) }),
    validate: (inputs: JsonObject): CheckFailure[] => [
        ...strings(inputs, "allowedUses")
            .filter((use) => !ALLOWED_USES.includes(use))
            .map((use) => notAllowed("allowedUses", use, ALLOWED_USES)),
        ...((numberAt(inputs, "validityPeriodHours") ?? 0) >= 0
            ? []
            : [{ property: "validityPeriodHours", reason: "must not be negative" }]),
    ],
};

const selfSigned: GeneratedKind = {
    ...CERTIFICATE,
    required: ["privateKeyPem", "validityPeriodHours", "allowedUses"],
    defaults: { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false, setAuthorityKeyId: false },
    computed: [...CERTIFICATE.computed, "keyAlgorithm"],
    secrets: ["privateKeyPem"],
    generate: (inputs) => {
        const key = keyOf(inputs, "privateKeyPem");
        const publicKey = publicKeyDer(key);
        const subject = distinguishedName(objectAt(inputs, "subject"));
        const certificate = issue(inputs, {
            subject,
            publicKey,
            names: generalNames(alternativeNames(inputs)),
            issuer: { name: subject, key },
            authorityKeyId: inputs.setAuthorityKeyId === true ? keyIdentifier(publicKey) : undefined,
        });
        return { id: certificate.id, outputs: { ...certificate.outputs, keyAlgorithm: algorithmOf(key) } };
    },
};

const locallySigned: GeneratedKind = {
    ...CERTIFICATE,
    required: ["certRequestPem", "caPrivateKeyPem", "caCertPem", "validityPeriodHours", "allowedUses"],
    defaults: { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false },
    computed: [...CERTIFICATE.computed, "caKeyAlgorithm"],
    secrets: ["caPrivateKeyPem"],
    generate: (inputs) => {
        const wanted = parseRequest(stringAt(inputs, "certRequestPem") ?? "");
        const authority = parseAuthority(stringAt(inputs, "caCertPem") ?? "");
        const key = keyOf(inputs, "caPrivateKeyPem");
        if (!publicKeyDer(createPublicKey(key)).equals(authority.publicKey)) {
            throw new ProviderError(
                "caPrivateKeyPem: this is not the key of caCertPem; give the pair that belongs together",
            );
        }
        const certificate = issue(inputs, {
            subject: wanted.subject,
            publicKey: wanted.publicKey,
            names: wanted.alternativeNames,
            issuer: { name: authority.subject, key },
            authorityKeyId: authority.subjectKeyId,
        });
        return { id: certificate.id, outputs: { ...certificate.outputs, caKeyAlgorithm: algorithmOf(key) } };
    },
};

interface Issue {
    readonly subject: Buffer;
    readonly publicKey: Buffer;
    readonly names: Buffer | undefined;
    readonly issuer: { readonly name: Buffer; readonly key: KeyObject };
    readonly authorityKeyId: Buffer | undefined;
}

function issue(inputs: JsonObject, { subject, publicKey, names, issuer, authorityKeyId }: Issue): Generated {
    const { notBefore, notAfter } = validity(inputs, new Date());
    const { pem, serial } = issueCertificate(
        {
            subject,
            publicKey,
            alternativeNames: names,
            allowedUses: strings(inputs, "allowedUses"),
            authority: inputs.isCaCertificate === true,
            maxPathLength: numberAt(inputs, "maxPathLength"),
            notBefore,
            notAfter,
            subjectKeyId: inputs.setSubjectKeyId === true,
            authorityKeyId,
        },
        issuer,
    );
    const times = { validityStartTime: rfc3339(notBefore), validityEndTime: rfc3339(notAfter) };
    return { id: serial, outputs: { certPem: pem, ...times } };
}

function keyOf(inputs: JsonObject, property: string): KeyObject {
    return parseKey(stringAt(inputs, property) ?? "", property);
}

function oneOf(inputs: JsonObject, property: string, allowed: readonly string[]): CheckFailure[] {
    const value = stringAt(inputs, property) ?? "";
    return allowed.includes(value) ? [] : [notAllowed(property, value, allowed)];
}

function notAllowed(property: string, value: string, allowed: readonly string[]): CheckFailure {
    return { property, reason: `${JSON.stringify(value)} is not allowed: one of ${allowed.join(", ")}` };
}

/** Every type that the stand-in serves, by its token. */
export const TLS_KINDS: Readonly<Record<string, GeneratedKind>> = {
    "tls:index/certRequest:CertRequest": request,
    "tls:index/locallySignedCert:LocallySignedCert": locallySigned,
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSigned,
};
