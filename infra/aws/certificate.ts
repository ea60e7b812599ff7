import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

import { PlatformSpec } from "../spec";

const TTL_SECONDS = 300;

/**
 * The gateway's certificate, for the domain and every name below it, renewed by AWS for as long as its validation
 * record stands.
 *
 * @returns its ARN once it is issued; nothing where the platform has no domain.
 */
export function gatewayCertificate(
    { dns }: Pick<PlatformSpec, "dns">,
    opts: pulumi.ResourceOptions,
): pulumi.Output<string> | undefined {
    if (dns === undefined) return undefined;
    const certificate = new acm.Certificate(
        "gateway",
        { domainName: dns.domain, subjectAlternativeNames: [`*.${dns.domain}`], validationMethod: "DNS" },
        opts,
    );
    // A domain and the wildcard below it are validated by one and the same record.
    const record = certificate.domainValidationOptions.apply(([first]) => {
        if (first === undefined) throw new Error("ACM asked for no validation record");
        return first;
    });
    const validation = new route53.Record(
        "gateway-validation",
        {
            zoneId: dns.hostedZoneId,
            name: record.resourceRecordName,
            type: record.resourceRecordType,
            records: [record.resourceRecordValue],
            ttl: TTL_SECONDS,
            allowOverwrite: true,
        },
        opts,
    );
    const issued = new acm.CertificateValidation(
        "gateway",
        { certificateArn: certificate.arn, validationRecordFqdns: [validation.fqdn] },
        opts,
    );
    return issued.certificateArn;
}
