import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { net, NODE_NAME } from "./layout";

type Authority = "ca" | "front-proxy-ca" | "etcd-ca";
type Usage = "clientAuth" | "serverAuth";

export interface CertificateSpec {
    readonly authority: Authority;
    readonly commonName: string;
    /** Group of a client. */
    readonly organization?: string;
    readonly usages: readonly Usage[];
    readonly names?: readonly string[];
}

/** Group of the user's kubeconfig; bound to cluster-admin by a binding that can be taken away. */
export const ADMIN_GROUP = "mlp:cluster-admins";
export const KUBELET_CLIENT = "kube-apiserver-kubelet-client";
export const COREDNS_USER = "system:coredns";
export const KWOK_USER = "mlp:kwok";
export const NETWORK_POLICY_USER = "mlp:network-policy-stand-in";

const AUTHORITIES: Readonly<Record<Authority, string>> = {
    ca: "mlp-cluster-ca",
    "front-proxy-ca": "mlp-front-proxy-ca",
    "etcd-ca": "mlp-etcd-ca",
};

const server = (commonName: string, names: readonly string[]): CertificateSpec => ({
    authority: "ca",
    commonName,
    usages: ["serverAuth"],
    names,
});
const client = (commonName: string, organization?: string): CertificateSpec => ({
    authority: "ca",
    commonName,
    usages: ["clientAuth"],
    ...(organization === undefined ? {} : { organization }),
});

/** Every certificate: each component has an identity of its own. */
export const certificates = {
    "kube-apiserver": server("kube-apiserver", [
        ...["DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default", "DNS:kubernetes.default.svc"],
        `DNS:kubernetes.default.svc.${net.domain}`,
        ...["IP:127.0.0.1", `IP:${net.nodeIp}`, `IP:${net.apiServiceIp}`],
    ]),
    kubelet: server(NODE_NAME, [`DNS:${NODE_NAME}`, `IP:${net.nodeIp}`, "IP:127.0.0.1"]),
    "metrics-server": server("metrics-server", [
        "DNS:metrics-server.kube-system.svc",
        `DNS:metrics-server.kube-system.svc.${net.domain}`,
    ]),
    etcd: {
        authority: "etcd-ca",
        commonName: "etcd",
        usages: ["serverAuth", "clientAuth"],
        names: ["DNS:localhost", "IP:127.0.0.1"],
    },
    "apiserver-etcd-client": { authority: "etcd-ca", commonName: "kube-apiserver-etcd-client", usages: ["clientAuth"] },
    "front-proxy-client": { authority: "front-proxy-ca", commonName: "front-proxy-client", usages: ["clientAuth"] },
    "apiserver-kubelet-client": client(KUBELET_CLIENT),
    "kube-controller-manager": client("system:kube-controller-manager"),
    "kube-scheduler": client("system:kube-scheduler"),
    "kube-proxy": client("system:kube-proxy"),
    coredns: client(COREDNS_USER),
    // Without a right unless the nodes are simulated.
    kwok: client(KWOK_USER),
    // Without a right unless policies are enforced.
    "network-policy-stand-in": client(NETWORK_POLICY_USER),
    node: client(`system:node:${NODE_NAME}`, "system:nodes"),
    // Applies the add-ons, the binding of ADMIN_GROUP among them; never leaves the state's folder.
    toolchain: client("mlp-toolchain", "system:masters"),
    admin: client("mlp-admin", ADMIN_GROUP),
} as const satisfies Record<string, CertificateSpec>;

export type CertificateName = keyof typeof certificates;

/** Days that a certificate holds, and days before its end from which a start replaces it. */
const LEAF = { days: 365, renewBefore: 90 };
const AUTHORITY = { days: 3650, renewBefore: 365 + LEAF.renewBefore };

export const certificateFile = (folder: string, name: CertificateName | Authority) => join(folder, `${name}.crt`);
export const keyFile = (folder: string, name: CertificateName | Authority) => join(folder, `${name}.key`);

/** Makes what is missing, changed or near its end; keeps everything else. Returns the names that were made. */
export function ensurePki(folder: string, now = new Date()): string[] {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made: string[] = [];
    for (const [authority, commonName] of Object.entries(AUTHORITIES) as [Authority, string][]) {
        if (isFresh(folder, authority, AUTHORITY.renewBefore, now)) continue;
        // What the old authority has signed is worth nothing from here on.
        for (const name of signedBy(authority)) rmSync(certificateFile(folder, name), { force: true });
        issueAuthority(folder, authority, commonName);
        made.push(authority);
    }
    for (const [name, spec] of Object.entries(certificates) as [CertificateName, CertificateSpec][]) {
        if (isFresh(folder, name, LEAF.renewBefore, now) && readSpec(folder, name) === fingerprint(spec)) continue;
        issue(folder, name, spec);
        made.push(name);
    }
    if (!existsSync(join(folder, "sa.key"))) makeServiceAccountKeys(folder);
    return made;
}

function signedBy(authority: Authority): CertificateName[] {
    const all = Object.entries(certificates) as [CertificateName, CertificateSpec][];
    return all.filter(([, spec]) => spec.authority === authority).map(([name]) => name);
}

function isFresh(folder: string, name: CertificateName | Authority, renewBefore: number, now: Date): boolean {
    const file = certificateFile(folder, name);
    if (!existsSync(file) || !existsSync(keyFile(folder, name))) return false;
    const end = endOf(readFileSync(file));
    return end !== undefined && end - now.getTime() > renewBefore * 86_400_000;
}

/** When a certificate ends; nothing when the file holds none, as after a write to a full disk. */
function endOf(file: Buffer): number | undefined {
    try {
        return Date.parse(new X509Certificate(file).validTo);
    } catch {
        return undefined;
    }
}

const specFile = (folder: string, name: CertificateName) => join(folder, `${name}.spec`);
const readSpec = (folder: string, name: CertificateName) =>
    existsSync(specFile(folder, name)) ? readFileSync(specFile(folder, name), "utf8") : undefined;
const fingerprint = (spec: CertificateSpec) => createHash("sha256").update(JSON.stringify(spec)).digest("hex");

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];

function issueAuthority(folder: string, name: Authority, commonName: string): void {
    openssl(folder, name, [
        ...["req", "-x509", ...NEW_KEY, "-sha256", "-days", String(AUTHORITY.days), "-subj", `/CN=${commonName}`],
        ...["-addext", "basicConstraints=critical,CA:TRUE"],
        ...["-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"],
    ]);
}

function issue(folder: string, name: CertificateName, spec: CertificateSpec): void {
    openssl(folder, name, issueArguments(folder, spec));
    writeFileSync(specFile(folder, name), fingerprint(spec));
}

/** Arguments of `openssl req` that sign a certificate in one step. */
export function issueArguments(folder: string, spec: CertificateSpec): string[] {
    const group = spec.organization === undefined ? "" : `/O=${spec.organization}`;
    const names = spec.names === undefined ? [] : ["-addext", `subjectAltName=${spec.names.join(",")}`];
    return [
        ...[
            "req",
            "-x509",
            ...NEW_KEY,
            "-sha256",
            "-days",
            String(LEAF.days),
            "-subj",
            `${group}/CN=${spec.commonName}`,
        ],
        ...["-CA", certificateFile(folder, spec.authority), "-CAkey", keyFile(folder, spec.authority)],
        ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature"],
        ...["-addext", `extendedKeyUsage=${spec.usages.join(",")}`, ...names],
    ];
}

/** Keys that sign and verify the tokens of service accounts; replacing them would void every token. */
function makeServiceAccountKeys(folder: string): void {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(folder, draft("sa.key")), privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
    renameSync(join(folder, draft("sa.key")), join(folder, "sa.key"));
}

const draft = (file: string): string => `${file}.new`;

/** Makes a key and its certificate, whole or not at all. */
function openssl(folder: string, name: CertificateName | Authority, args: readonly string[]): void {
    const [key, certificate] = [keyFile(folder, name), certificateFile(folder, name)];
    // The distribution's openssl.cnf adds extensions of its own; ours are all on the command line.
    const env = { ...process.env, OPENSSL_CONF: "/dev/null" };
    const output = ["-keyout", draft(key), "-out", draft(certificate)];
    execFileSync("openssl", [...args, ...output], { env, stdio: ["ignore", "ignore", "pipe"] });
    // First of all, so that an interruption never leaves a new key beside an old certificate.
    rmSync(certificate, { force: true });
    renameSync(draft(key), key);
    renameSync(draft(certificate), certificate);
}
