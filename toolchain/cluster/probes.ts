import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";

/** How one sees that a component serves. */
export type Probe = { readonly url: string } | { readonly socket: string };

const TIMEOUT_MS = 2_000;

/** Whether the component answers now. */
export function isReady(probe: Probe): Promise<boolean> {
    return "url" in probe ? answersOk(probe.url) : accepts(probe.socket);
}

function answersOk(url: string): Promise<boolean> {
    return new Promise((resolve) => {
        // Health endpoints sit on loopback of our own namespace, some with self-signed certificates.
        const options = { timeout: TIMEOUT_MS, rejectUnauthorized: false };
        const send = url.startsWith("https:") ? httpsRequest : httpRequest;
        const request = send(url, options, (response) => {
            response.resume();
            resolve(response.statusCode === 200);
        });
        request.on("timeout", () => request.destroy());
        request.on("error", () => resolve(false));
        request.end();
    });
}

function accepts(path: string): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ path, timeout: TIMEOUT_MS }, () => {
            socket.destroy();
            resolve(true);
        });
        socket.on("timeout", () => socket.destroy());
        socket.on("error", () => resolve(false));
        socket.on("close", () => resolve(false));
    });
}
