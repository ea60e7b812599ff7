import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { DEFAULT_LIFETIME, Lifetime, resolveLifetime } from "./lifetime";

export { DEFAULT_LIFETIME, resolveLifetime } from "./lifetime";
export type { Lifetime } from "./lifetime";

export interface WebhookCertificateArgs {
    /** Namespace of the Secret and of the Service. */
    namespace: pulumi.Input<string>;
    /** Service that the API server calls; the certificate is valid for its cluster names. */
    serviceName: string;
    /** How long the serving certificate lives and when it is renewed. Default: one year, renewed in its last quarter. */
    lifetime?: Lifetime;
}

/** Ten years: a CA that outlives the cluster's certificates by far, kept in the stack's state as a secret. */
const CA_HOURS = 10 * 365 * 24;
/** Renewed a year before its end, together with everything it signed. */
const CA_RENEWAL_HOURS = 365 * 24;

/**
 * A serving certificate for one controller's webhooks, signed by a CA of its own, in a `kubernetes.io/tls` Secret.
 *
 * Renewal needs nobody: within `renewBeforeHours` of the end the next `pulumi up` makes a new certificate, and the
 * controller reads the new file without a restart.
 *
 * The CA itself is renewed once in nine years under the same key and subject: what it signed before stays trusted
 * while the kubelet brings the new certificate to the pods.
 */
export class WebhookCertificate extends pulumi.ComponentResource {
    /** Name of the Secret with `tls.crt`, `tls.key` and `ca.crt`. */
    readonly secretName: pulumi.Output<string>;
    /** The CA in base64, as webhook configurations want it. */
    readonly caBundle: pulumi.Output<string>;
    /** End of the serving certificate's validity, RFC 3339. */
    readonly validUntil: pulumi.Output<string>;

    constructor(name: string, args: WebhookCertificateArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:WebhookCertificate", name, {}, opts);
        const parent = { parent: this };
        const lifetime = resolveLifetime(args.lifetime ?? DEFAULT_LIFETIME, `${name}.lifetime`);

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
        const dnsNames = pulumi.output(args.namespace).apply((namespace) => serviceNames(args.serviceName, namespace));
        const request = new tls.CertRequest(
            name,
            { privateKeyPem: key.privateKeyPem, subject: { commonName: args.serviceName }, dnsNames },
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
                metadata: { name, namespace: args.namespace },
                type: "kubernetes.io/tls",
                data: {
                    "tls.crt": certificate.certPem.apply(base64),
                    "tls.key": key.privateKeyPem.apply(base64),
                    "ca.crt": ca.certPem.apply(base64),
                },
            },
            parent,
        );

        this.secretName = secret.metadata.name;
        this.caBundle = ca.certPem.apply(base64);
        this.validUntil = certificate.validityEndTime;
        this.registerOutputs({
            secretName: this.secretName,
            caBundle: this.caBundle,
            validUntil: this.validUntil,
        });
    }
}

const KEY: tls.PrivateKeyArgs = { algorithm: "ECDSA", ecdsaCurve: "P256" };

function serviceNames(service: string, namespace: string): string[] {
    const name = `${service}.${namespace}.svc`;
    return [name, `${name}.cluster.local`];
}

function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}
