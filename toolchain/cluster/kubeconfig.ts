import { readFileSync } from "node:fs";

import { CertificateName, certificateFile, keyFile } from "./pki";

/** A kubeconfig for the holder of a certificate. JSON, which every reader of kubeconfigs takes as YAML. */
export function kubeconfigOf(pki: string, name: CertificateName, server: string, cluster = "mlp-local"): string {
    const encode = (file: string) => readFileSync(file).toString("base64");
    const config = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            { name: cluster, cluster: { server, "certificate-authority-data": encode(certificateFile(pki, "ca")) } },
        ],
        users: [
            {
                name,
                user: {
                    "client-certificate-data": encode(certificateFile(pki, name)),
                    "client-key-data": encode(keyFile(pki, name)),
                },
            },
        ],
        contexts: [{ name: cluster, context: { cluster, user: name } }],
        "current-context": cluster,
    };
    return `${JSON.stringify(config, undefined, 2)}\n`;
}
