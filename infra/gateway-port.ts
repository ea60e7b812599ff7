import type { EntranceSpec } from "./spec";

export { GATEWAY_NAMESPACE, GATEWAY_SERVICE } from "../components/gateway/resolve";

const HTTPS = 443;
/** Where the URL of the API server tells none: one above the embedded cluster's usual port. */
const USUAL = 26_444;

/**
 * Port of the gateway's URLs. On one machine it is the port after the API server's, so that two clusters side by side
 * have one each. Pure.
 */
export function gatewayPort({ port, exposure }: Pick<EntranceSpec, "port" | "exposure">, apiServer?: string): number {
    if (port !== undefined) return port;
    if (exposure !== "loopback") return HTTPS;
    const beside = apiServer === undefined ? Number.NaN : Number(new URL(apiServer).port);
    return Number.isInteger(beside) && beside > 0 ? beside + 1 : USUAL;
}
