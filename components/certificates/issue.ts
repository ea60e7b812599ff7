import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { DEFAULT_LIFETIME, Lifetime, resolveLifetime } from "./lifetime";

/** What a certificate is for. */
export interface CertificateRequest {
    readonly namespace: pulumi.Input<string>;
    readonly serviceName: string;
    readonly lifetime?: Lifetime;
}

/** A certificate in its Secret, and what its users need to know. */
export interface IssuedCertificate {
    readonly secretName: pulumi.Output<string>;
    /** The CA in PEM. */
    readonly caCertificate: pulumi.Output<string>;
    /** In PEM. */
    readonly certificate: pulumi.Output<string>;
    /** End of its validity, RFC 3339. */
    readonly validUntil: pulumi.Output<string>;
}

/** Ten years: a CA that outlives the cluster's certificates by far, kept in the stack's state as a secret. */
const CA_HOURS = 10 * 365 * 24;
/** Renewed a year before its end, together with everything it signed. */
const CA_RENEWAL_HOURS = 365 * 24;

/** A key and a certificate for the cluster names of a Service, signed by a CA of its own, in a Secret. */
export function issueCertificate(
    name: string,
    { namespace, serviceName, lifetime: wanted = DEFAULT_LIFETIME }: CertificateRequest,
    parent: { parent: pulumi.Resource },
): IssuedCertificate {
    const lifetime = resolveLifetime(wanted, `${name}.lifetime`);

    const caKey = new tls.PrivateKey(`${name}-ca`, KEY, parent);
    const ca = new tls.SelfSignedCert(
        `${name}-ca`,
        {
            privateKeyPem: caKey.privateKeyPem,
            isCaCertificate: true,
            subject: { commonName: `${name}-ca` },
            allowedUses: ["cert_signing", "crl_signing"],
            validityPeriodHours: CA_HOURS,
            earlyRenewalHours: CA_RENEWAL_HOURS,
        },
        parent,
    );
    const key = new tls.PrivateKey(name, KEY, parent);
    const dnsNames = pulumi.output(namespace).apply((within) => serviceNames(serviceName, within));
    const request = new tls.CertRequest(
        name,
        { privateKeyPem: key.privateKeyPem, subject: { commonName: serviceName }, dnsNames },
        parent,
    );
    const certificate = new tls.LocallySignedCert(
        name,
        {
            certRequestPem: request.certRequestPem,
            caPrivateKeyPem: caKey.privateKeyPem,
            caCertPem: ca.certPem,
            allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
            validityPeriodHours: lifetime.validityHours,
            earlyRenewalHours: lifetime.renewBeforeHours,
        },
        parent,
    );
    const secret = new k8s.core.v1.Secret(
        name,
        {
            metadata: { name, namespace },
            type: "kubernetes.io/tls",
            data: {
                "tls.crt": certificate.certPem.apply(base64),
                "tls.key": key.privateKeyPem.apply(base64),
                "ca.crt": ca.certPem.apply(base64),
            },
        },
        parent,
    );

    return {
        secretName: secret.metadata.name,
        caCertificate: ca.certPem,
        certificate: certificate.certPem,
        validUntil: certificate.validityEndTime,
    };
}

const KEY: tls.PrivateKeyArgs = { algorithm: "ECDSA", ecdsaCurve: "P256" };

function serviceNames(service: string, namespace: string): string[] {
    const name = `${service}.${namespace}.svc`;
    return [name, `${name}.cluster.local`];
}

function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}
