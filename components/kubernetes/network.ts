import * as k8s from "@pulumi/kubernetes";

/** Ports of the API server as pods meet it: behind its Service, and directly on EKS or an embedded cluster. */
const API_SERVER_PORTS = [443, 6443];

/**
 * Lets a controller be reached on its own ports, and reach DNS and the API server, and what `egress` adds.
 *
 * Callers are not narrowed down: webhooks are called by the API server, whose address no selector can name.
 */
export function networkPolicyOf(
    podLabels: { [label: string]: string },
    ports: { port: number }[],
    egress: k8s.types.input.networking.v1.NetworkPolicyEgressRule[] = [],
): k8s.types.input.networking.v1.NetworkPolicySpec {
    return {
        podSelector: { matchLabels: podLabels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: ports.map(({ port }) => ({ port, protocol: "TCP" })) }],
        egress: [
            { ports: ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol })) },
            { ports: API_SERVER_PORTS.map((port) => ({ port, protocol: "TCP" })) },
            ...egress,
        ],
    };
}
