import { InvalidConfiguration } from "../components/problems";
import { Endpoint } from "./kubeconfig";

/** Name of the embedded cluster, its context and its node; the toolchain gives it. */
const CONTEXT = "mlp-local";

/**
 * Refuses any cluster but the embedded one: the local platform must never land on whatever a shell's current context
 * is. Pure.
 *
 * @throws InvalidConfiguration naming the context and the server that were found.
 */
export function checkEmbedded({ context, server }: Pick<Endpoint, "context" | "server">): void {
    if (context === CONTEXT && isLoopback(server)) return;
    throw new InvalidConfiguration([
        {
            path: "mlp:platform.cluster",
            found: `context ${context} at ${server}`,
            allowed: `the embedded cluster (context ${CONTEXT} at 127.0.0.1)`,
            fix: 'Run `eval "$(npm run --silent env)"` in this shell, or set cluster.kind to existing.',
        },
    ]);
}

function isLoopback(server: string): boolean {
    if (!URL.canParse(server)) return false;
    const { protocol, hostname } = new URL(server);
    return protocol === "https:" && hostname === "127.0.0.1";
}
