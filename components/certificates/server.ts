import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { issueCertificate } from "./issue";
import { Lifetime } from "./lifetime";

export interface ServerCertificateArgs {
    /** Namespace of the Secret and of the Service. */
    namespace: pulumi.Input<string>;
    /** Service that clients connect to; the certificate is valid for its cluster names. */
    serviceName: string;
    /** How long the certificate lives and when it is renewed. Default: one year, renewed in its last quarter. */
    lifetime?: Lifetime;
}

/**
 * A certificate for a server inside the cluster, signed by a CA of its own, in a `kubernetes.io/tls` Secret.
 *
 * It is renewed as {@link WebhookCertificate} is. A server that reads its certificate only at its start is restarted by
 * the checksum in its pods' annotations.
 */
export class ServerCertificate extends pulumi.ComponentResource {
    /** Name of the Secret with `tls.crt`, `tls.key` and `ca.crt`. */
    readonly secretName: pulumi.Output<string>;
    /** What clients check the server against, in PEM. */
    readonly caCertificates: pulumi.Output<string>;
    /** Changes with the certificate. */
    readonly checksum: pulumi.Output<string>;
    /** End of the certificate's validity, RFC 3339. */
    readonly validUntil: pulumi.Output<string>;

    constructor(name: string, args: ServerCertificateArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:ServerCertificate", name, {}, opts);
        const issued = issueCertificate(name, args, { parent: this });

        this.secretName = issued.secretName;
        this.caCertificates = issued.caCertificate;
        this.checksum = issued.certificate.apply((pem) => createHash("sha256").update(pem).digest("hex"));
        this.validUntil = issued.validUntil;
        this.registerOutputs({
            secretName: this.secretName,
            caCertificates: this.caCertificates,
            checksum: this.checksum,
            validUntil: this.validUntil,
        });
    }
}
