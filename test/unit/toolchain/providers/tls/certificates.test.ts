import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { TLS_KINDS } from "../../../../../toolchain/providers/tls/kinds";
import { readyForRenewal } from "../../../../../toolchain/providers/tls/renewal";

const matching = (wanted: RegExp): unknown => expect.stringMatching(wanted);

async function make(kind: string, inputs: JsonObject): Promise<Record<string, string>> {
    const token = `tls:index/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
    const found = TLS_KINDS[token]!;
    const { outputs } = await found.generate({ ...found.defaults, ...inputs });
    return outputs as Record<string, string>;
}

const keyOf = (algorithm: string, more: JsonObject = {}) => make("PrivateKey", { algorithm, ...more });

async function authority() {
    const key = await keyOf("ECDSA", { ecdsaCurve: "P256" });
    const cert = await make("SelfSignedCert", {
        privateKeyPem: key.privateKeyPem!,
        subject: { commonName: "test authority", organization: "mlp & co" },
        isCaCertificate: true,
        validityPeriodHours: 24,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
    });
    return { caPrivateKeyPem: key.privateKeyPem!, caCertPem: cert.certPem! };
}

async function serverCertificate(more: JsonObject = {}) {
    const issuer = await authority();
    const key = await keyOf("RSA");
    const request = await make("CertRequest", {
        privateKeyPem: key.privateKeyPem!,
        subject: { commonName: "svc" },
        dnsNames: ["svc", "svc.ns.svc"],
        ipAddresses: ["10.0.0.1", "fe80::1:2", "::1"],
        uris: ["spiffe://mlp/svc"],
    });
    const cert = await make("LocallySignedCert", {
        certRequestPem: request.certRequestPem!,
        ...issuer,
        validityPeriodHours: 12,
        allowedUses: ["server_auth", "digital_signature", "key_encipherment"],
        ...more,
    });
    return { issuer, key, request, cert };
}

describe("private keys", () => {
    it.each([
        ["RSA", {}, "RSA PRIVATE KEY", "rsa"],
        ["ECDSA", { ecdsaCurve: "P224" }, "EC PRIVATE KEY", "ec"],
        ["ECDSA", { ecdsaCurve: "P256" }, "EC PRIVATE KEY", "ec"],
        ["ECDSA", { ecdsaCurve: "P384" }, "EC PRIVATE KEY", "ec"],
        ["ECDSA", { ecdsaCurve: "P521" }, "EC PRIVATE KEY", "ec"],
        ["ED25519", {}, "PRIVATE KEY", "ed25519"],
    ])("of %s %j are real and belong to their public half", async (algorithm, options, label, type) => {
        const key = await keyOf(algorithm, options);

        expect(key.privateKeyPem).toMatch(new RegExp(`^-----BEGIN ${label}-----\n`));
        expect(createPrivateKey(key.privateKeyPem!).asymmetricKeyType).toBe(type);
        expect(createPublicKey(key.privateKeyPemPkcs8!).equals(createPublicKey(key.publicKeyPem!))).toBe(true);
    });

    it("have an OpenSSH form, but for the curve that OpenSSH does not know", async () => {
        const [known, unknown] = [await keyOf("ED25519"), await keyOf("ECDSA", { ecdsaCurve: "P224" })];

        expect(known.publicKeyOpenssh).toMatch(/^ssh-ed25519 [\w+/=]+\n$/);
        expect(known.publicKeyFingerprintSha256).toMatch(/^SHA256:[\w+/]{43}$/);
        expect(unknown.publicKeyOpenssh).toBe("");
    });

    it("name what is allowed when asked for something else", () => {
        const failures = TLS_KINDS["tls:index/privateKey:PrivateKey"]!.validate({
            algorithm: "DSA",
            ecdsaCurve: "P256",
        });

        expect(failures).toEqual([
            { property: "algorithm", reason: '"DSA" is not allowed: one of RSA, ECDSA, ED25519' },
        ]);
    });
});

describe("certificates", () => {
    it("of an authority say so and are signed by themselves", async () => {
        const { caCertPem } = await authority();
        const certificate = new X509Certificate(caCertPem);

        expect(certificate.ca).toBe(true);
        expect(certificate.subject).toBe("O=mlp & co\nCN=test authority");
        expect(certificate.verify(certificate.publicKey)).toBe(true);
    });

    it("of a server carry the names of its request and are signed by the authority", async () => {
        const { issuer, key, cert } = await serverCertificate();
        const certificate = new X509Certificate(cert.certPem!);
        const ca = new X509Certificate(issuer.caCertPem);

        expect(certificate.checkIssued(ca)).toBe(true);
        expect(certificate.verify(ca.publicKey)).toBe(true);
        expect(certificate.checkPrivateKey(createPrivateKey(key.privateKeyPem!))).toBe(true);
        expect(certificate.checkHost("svc.ns.svc")).toBe("svc.ns.svc");
        expect(certificate.checkIP("10.0.0.1")).toBe("10.0.0.1");
        expect(certificate.subjectAltName).toContain("URI:spiffe://mlp/svc");
        expect(certificate.subjectAltName).toMatch(/IP Address:FE80:0:0:0:0:0:1:2, IP Address:0:0:0:0:0:0:0:1/);
        expect(certificate.ca).toBe(false);
    });

    it("last exactly as long as asked for", async () => {
        const { cert } = await serverCertificate();
        const certificate = new X509Certificate(cert.certPem!);
        const hours = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 3_600_000;

        expect(hours).toBe(12);
        expect(Date.parse(cert.validityEndTime!)).toBe(Date.parse(certificate.validTo));
    });

    it("pass openssl's own checks for a server", async () => {
        const { issuer, cert } = await serverCertificate();
        const folder = mkdtempSync(join(tmpdir(), "tls-test-"));
        try {
            writeFileSync(join(folder, "ca.pem"), issuer.caCertPem);
            writeFileSync(join(folder, "cert.pem"), cert.certPem!);
            const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "ca.pem", "cert.pem"];

            expect(execFileSync("openssl", args, { cwd: folder, encoding: "utf8" })).toContain("cert.pem: OK");
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("of one authority have serial numbers of their own", async () => {
        const serials = await Promise.all([authority(), authority()]);
        const [a, b] = serials.map(({ caCertPem }) => new X509Certificate(caCertPem).serialNumber);

        expect(a).not.toBe(b);
    });

    it("are not signed with a key that is not the authority's", async () => {
        const other = await keyOf("ECDSA", { ecdsaCurve: "P256" });

        await expect(serverCertificate({ caPrivateKeyPem: other.privateKeyPem! })).rejects.toThrow(
            /not the key of caCertPem/,
        );
    });

    it("are not made from a broken request or key, and nothing of a key is shown", async () => {
        await expect(serverCertificate({ certRequestPem: "nonsense" })).rejects.toThrow(/certRequestPem: expected PEM/);
        await expect(make("CertRequest", { privateKeyPem: "MARKER" })).rejects.toThrow(/^privateKeyPem: (?!.*MARKER)/);
    });

    it("name a use that there is not", () => {
        const kind = TLS_KINDS["tls:index/selfSignedCert:SelfSignedCert"]!;

        expect(kind.validate({ allowedUses: ["serve"], validityPeriodHours: 1 })).toEqual([
            {
                property: "allowedUses",
                reason: matching(/^"serve" is not allowed: one of digital_signature/),
            },
        ]);
    });
});

describe("readyForRenewal", () => {
    const certificate = { validityEndTime: "2030-01-10T00:00:00Z", earlyRenewalHours: 24 };

    it.each([
        ["2030-01-08T23:59:59Z", false],
        ["2030-01-09T00:00:00Z", true],
        ["2030-02-01T00:00:00Z", true],
    ])("at %s is %s", (now, expected) => {
        expect(readyForRenewal(certificate, new Date(now))).toBe(expected);
    });
});
