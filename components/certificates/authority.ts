import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { Lifetime } from "./lifetime";

type Parent = { parent: pulumi.Resource };

/** A CA of ours; its key stays in the stack's state, as a secret. */
export interface Authority {
    readonly keyPem: pulumi.Output<string>;
    /** In PEM. */
    readonly certificate: pulumi.Output<string>;
}

/** What an authority is asked to sign. */
export interface SigningRequest {
    /** Name of the Secret. */
    readonly secretName: string;
    readonly namespace: pulumi.Input<string>;
    readonly commonName: string;
    readonly dnsNames: pulumi.Input<string[]>;
    /** Besides `digital_signature` and `key_encipherment`. Default: `server_auth`. */
    readonly uses?: readonly string[];
    /** As `resolveLifetime` gives it. */
    readonly lifetime: Readonly<Lifetime>;
}

/** A certificate in its Secret. */
export interface SignedCertificate {
    readonly secretName: pulumi.Output<string>;
    /** In PEM. */
    readonly certificate: pulumi.Output<string>;
    /** End of its validity, RFC 3339. */
    readonly validUntil: pulumi.Output<string>;
}

/** Ten years: a CA that outlives the cluster's certificates by far, kept in the stack's state as a secret. */
const CA_HOURS = 10 * 365 * 24;
/** Renewed a year before its end, together with everything it signed. */
const CA_RENEWAL_HOURS = 365 * 24;

const KEY: tls.PrivateKeyArgs = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** A CA, whose resources are called `<name>-ca`. */
export function newAuthority(name: string, parent: Parent): Authority {
    const key = new tls.PrivateKey(`${name}-ca`, KEY, parent);
    const ca = new tls.SelfSignedCert(
        `${name}-ca`,
        {
            privateKeyPem: key.privateKeyPem,
            isCaCertificate: true,
            subject: { commonName: `${name}-ca` },
            allowedUses: ["cert_signing", "crl_signing"],
            validityPeriodHours: CA_HOURS,
            earlyRenewalHours: CA_RENEWAL_HOURS,
        },
        parent,
    );
    return { keyPem: key.privateKeyPem, certificate: ca.certPem };
}

/** A key and a certificate that an authority has signed, in a Secret of type `kubernetes.io/tls`. */
export function signCertificate(
    name: string,
    authority: Authority,
    { secretName, namespace, commonName, dnsNames, uses = ["server_auth"], lifetime }: SigningRequest,
    parent: Parent,
): SignedCertificate {
    const key = new tls.PrivateKey(name, KEY, parent);
    const request = new tls.CertRequest(
        name,
        { privateKeyPem: key.privateKeyPem, subject: { commonName }, dnsNames },
        parent,
    );
    const certificate = new tls.LocallySignedCert(
        name,
        {
            certRequestPem: request.certRequestPem,
            caPrivateKeyPem: authority.keyPem,
            caCertPem: authority.certificate,
            allowedUses: ["digital_signature", "key_encipherment", ...uses],
            validityPeriodHours: lifetime.validityHours,
            earlyRenewalHours: lifetime.renewBeforeHours,
        },
        parent,
    );
    const secret = new k8s.core.v1.Secret(
        name,
        {
            metadata: { name: secretName, namespace },
            type: "kubernetes.io/tls",
            data: {
                "tls.crt": certificate.certPem.apply(base64),
                "tls.key": key.privateKeyPem.apply(base64),
                "ca.crt": authority.certificate.apply(base64),
            },
        },
        parent,
    );
    return {
        secretName: secret.metadata.name,
        certificate: certificate.certPem,
        validUntil: certificate.validityEndTime,
    };
}

function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}
