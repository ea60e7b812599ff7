import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

import { net } from "./layout";
import { certificateFile, keyFile } from "./pki";

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

/** A small client of the API server for the supervisor, which runs beside it and needs a handful of calls. */
export class Api {
    private readonly agent: Agent;

    constructor(pki: string) {
        const read = (file: string) => readFileSync(file);
        this.agent = new Agent({
            keepAlive: true,
            ca: read(certificateFile(pki, "ca")),
            cert: read(certificateFile(pki, "toolchain")),
            key: read(keyFile(pki, "toolchain")),
        });
    }

    get<T>(path: string): Promise<T> {
        return this.call("GET", path);
    }

    /** Server-side apply: creates the object or takes over exactly the fields that are given. */
    apply(path: string, object: object, fieldManager: string): Promise<void> {
        return this.call("PATCH", `${path}?fieldManager=${fieldManager}&force=true`, JSON.stringify(object));
    }

    private call<T>(method: string, path: string, body?: string): Promise<T> {
        const headers = body === undefined ? {} : { "content-type": "application/apply-patch+yaml" };
        const options = { host: "127.0.0.1", port: net.apiPort, agent: this.agent, timeout: 10_000 };
        return new Promise((resolve, reject) => {
            const sent = request({ ...options, method, path, headers }, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", reject);
                response.on("end", () => {
                    const text = Buffer.concat(chunks).toString();
                    const status = response.statusCode ?? 0;
                    if (status >= 200 && status < 300) return resolve(JSON.parse(text) as T);
                    reject(new ApiError(status, `${method} ${path}: ${messageOf(text)}`));
                });
            });
            sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 10 s`)));
            sent.on("error", reject);
            sent.end(body);
        });
    }
}

/** The message of a Status object, or the text itself where the answer is none. */
function messageOf(text: string): string {
    try {
        return (JSON.parse(text) as { message?: string }).message ?? text;
    } catch {
        return text;
    }
}
