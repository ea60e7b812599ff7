import { existsSync, readFileSync } from "node:fs";

import { CertificateName, certificateFile, keyFile } from "./pki";

const CLUSTER = "mlp-local";

/** A kubeconfig that holds its credentials, to be carried anywhere. */
export function portableKubeconfig(pki: string, name: CertificateName, server: string): string {
    const encode = (file: string) => readFileSync(file).toString("base64");
    return kubeconfig(
        name,
        { server, "certificate-authority-data": encode(certificateFile(pki, "ca")) },
        {
            "client-certificate-data": encode(certificateFile(pki, name)),
            "client-key-data": encode(keyFile(pki, name)),
        },
    );
}

/** A kubeconfig that names the files of its credentials, for a component beside them. */
export function componentKubeconfig(pki: string, name: CertificateName, server: string): string {
    return kubeconfig(
        name,
        { server, "certificate-authority": certificateFile(pki, "ca") },
        { "client-certificate": certificateFile(pki, name), "client-key": keyFile(pki, name) },
    );
}

/** JSON, which every reader of kubeconfigs takes as YAML. */
function kubeconfig(name: string, cluster: object, user: object): string {
    const config = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: CLUSTER, cluster }],
        users: [{ name, user }],
        contexts: [{ name: CLUSTER, context: { cluster: CLUSTER, user: name } }],
        "current-context": CLUSTER,
    };
    return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** The port of the server that a kubeconfig of ours names; undefined where there is none yet. */
export function portOfKubeconfig(file: string): number | undefined {
    if (!existsSync(file)) return undefined;
    const { clusters } = JSON.parse(readFileSync(file, "utf8")) as { clusters: { cluster: { server: string } }[] };
    return Number(new URL(clusters[0]?.cluster.server ?? "").port);
}
