import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { dirname, join } from "node:path";

import { ClusterInfo } from "../../toolchain/cluster";

export interface ApiRequest {
    readonly method: string;
    readonly path: string;
    readonly body?: object;
    /** More headers, such as those of impersonation. */
    readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
    readonly status: number;
    readonly text: string;
}

/** The embedded cluster's API server, asked with a bearer token and nothing else. */
export class ClusterApi {
    readonly pki: string;
    private readonly ca: Buffer;

    constructor(private readonly cluster: Pick<ClusterInfo, "apiUrl" | "kubeconfig">) {
        this.pki = join(dirname(cluster.kubeconfig), "pki");
        this.ca = readFileSync(join(this.pki, "ca.crt"));
        new X509Certificate(this.ca);
    }

    ask(token: string, { method, path, body, headers }: ApiRequest): Promise<ApiAnswer> {
        return new Promise((resolve, reject) => {
            const sent = request(
                new URL(path, this.cluster.apiUrl),
                {
                    method,
                    ca: this.ca,
                    headers: {
                        authorization: `Bearer ${token}`,
                        ...(body && { "content-type": "application/json" }),
                        ...headers,
                    },
                },
                (answer) => {
                    let text = "";
                    answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
                    answer.on("error", reject);
                    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
                },
            );
            sent.on("error", reject);
            sent.end(body && JSON.stringify(body));
        });
    }
}
