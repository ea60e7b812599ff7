import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CertificateName, certificates, CertificateSpec, ensurePki } from "../../../../toolchain/cluster/pki";

const all = Object.entries(certificates) as [CertificateName, CertificateSpec][];
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

describe("the certificates", () => {
    it("give every client a name of its own", () => {
        const clients = all.filter(([, { usages }]) => usages.includes("clientAuth"));
        expect(new Set(clients.map(([, { commonName }]) => commonName)).size).toBe(clients.length);
    });

    it("make nobody a master but the toolchain that applies the add-ons", () => {
        const masters = all.filter(([, { organization }]) => organization === "system:masters");
        expect(masters.map(([name]) => name)).toEqual(["toolchain"]);
    });

    it("let the API server be reached by its service, its node and the loopback relay", () => {
        expect(certificates["kube-apiserver"].names).toEqual(
            expect.arrayContaining(["IP:127.0.0.1", "IP:10.88.0.1", "IP:10.96.0.1", "DNS:kubernetes.default.svc"]),
        );
    });
});

describe("ensurePki", () => {
    let folder: string;
    beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), "pki-"));
        ensurePki(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    const certificate = (name: string) => new X509Certificate(read(`${name}.crt`));

    it("signs each certificate by its authority, for its names and uses, with a key that only root reads", () => {
        for (const [name, { authority, commonName, names = [], usages }] of all) {
            const made = certificate(name);
            expect(made.verify(certificate(authority).publicKey)).toBe(true);
            expect(made.subject).toContain(`CN=${commonName}`);
            expect(made.ca).toBe(false);
            expect(made.keyUsage).toHaveLength(usages.length);
            const alternatives = names.map((each) => each.replace("IP:", "IP Address:"));
            expect(made.subjectAltName?.split(", ") ?? []).toEqual(alternatives);
            expect(statSync(join(folder, `${name}.key`)).mode & 0o077).toBe(0);
        }
    });

    it("keeps everything while it is good", () => {
        const before = read("sa.key");
        expect(ensurePki(folder)).toEqual([]);
        expect(read("sa.key")).toBe(before);
    });

    it("makes again what was changed or lost, and nothing else", () => {
        writeFileSync(join(folder, "kubelet.spec"), "another");
        rmSync(join(folder, "coredns.key"));
        expect(ensurePki(folder)).toEqual(["kubelet", "coredns"]);
    });

    it("makes again what a full disk has cut off, and leaves no drafts", () => {
        for (const file of ["kubelet.crt", "coredns.crt"]) writeFileSync(join(folder, file), read(file).slice(0, 100));
        writeFileSync(join(folder, "admin.crt"), "");
        expect(ensurePki(folder).sort()).toEqual(["admin", "coredns", "kubelet"]);
        expect(readdirSync(folder).filter((file) => file.endsWith(".new"))).toEqual([]);
    });

    it("renews certificates 90 days before their end and keeps the authorities", () => {
        expect(ensurePki(folder, inDays(365 - 91))).toEqual([]);
        expect(ensurePki(folder, inDays(365 - 89)).sort()).toEqual(all.map(([name]) => name).sort());
    });

    it("renews an authority while all that it signs is still good, and all that it signed", () => {
        const made = ensurePki(folder, inDays(3650 - 454));
        expect(made).toEqual(expect.arrayContaining(["ca", "etcd-ca", "front-proxy-ca", ...all.map(([name]) => name)]));
    });
});
