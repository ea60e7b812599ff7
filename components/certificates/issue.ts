import * as pulumi from "@pulumi/pulumi";

import { newAuthority, signCertificate } from "./authority";
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

/** A key and a certificate for the cluster names of a Service, signed by a CA of its own, in a Secret. */
export function issueCertificate(
    name: string,
    { namespace, serviceName, lifetime: wanted = DEFAULT_LIFETIME }: CertificateRequest,
    parent: { parent: pulumi.Resource },
): IssuedCertificate {
    const lifetime = resolveLifetime(wanted, `${name}.lifetime`);
    const authority = newAuthority(name, parent);
    const dnsNames = pulumi.output(namespace).apply((within) => serviceNames(serviceName, within));
    const signed = signCertificate(
        name,
        authority,
        { secretName: name, namespace, commonName: serviceName, dnsNames, lifetime },
        parent,
    );
    return { ...signed, caCertificate: authority.certificate };
}

function serviceNames(service: string, namespace: string): string[] {
    const name = `${service}.${namespace}.svc`;
    return [name, `${name}.cluster.local`];
}
