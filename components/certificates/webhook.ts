import * as pulumi from "@pulumi/pulumi";

import { issueCertificate } from "./issue";
import { Lifetime } from "./lifetime";

export interface WebhookCertificateArgs {
    /** Namespace of the Secret and of the Service. */
    namespace: pulumi.Input<string>;
    /** Service that the API server calls; the certificate is valid for its cluster names. */
    serviceName: string;
    /** How long the serving certificate lives and when it is renewed. Default: one year, renewed in its last quarter. */
    lifetime?: Lifetime;
}

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
        const issued = issueCertificate(name, args, { parent: this });

        this.secretName = issued.secretName;
        this.caBundle = issued.caCertificate.apply((pem) => Buffer.from(pem).toString("base64"));
        this.validUntil = issued.validUntil;
        this.registerOutputs({
            secretName: this.secretName,
            caBundle: this.caBundle,
            validUntil: this.validUntil,
        });
    }
}
