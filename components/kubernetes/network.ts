import * as k8s from "@pulumi/kubernetes";

/** Ports of the API server as pods meet it: behind its Service, and directly on EKS or an embedded cluster. */
const API_SERVER_PORTS = [443, 6443];

/**
 * Lets a pod be reached on its own ports by `callers`, and reach DNS and the API server, and what `egress` adds.
 *
 * Callers of webhooks cannot be narrowed down: the API server has an address that no selector names.
 */
export function networkPolicyOf(
    podLabels: { [label: string]: string },
    ports: { port: number }[],
    egress: k8s.types.input.networking.v1.NetworkPolicyEgressRule[] = [],
    callers: k8s.types.input.networking.v1.NetworkPolicyPeer[] = [],
): k8s.types.input.networking.v1.NetworkPolicySpec {
    return {
        podSelector: { matchLabels: podLabels },
        policyTypes: ["Ingress", "Egress"],
        ingress:
            ports.length === 0
                ? []
                : [
                      {
                          ports: ports.map(({ port }) => ({ port, protocol: "TCP" })),
                          ...(callers.length > 0 && { from: callers }),
                      },
                  ],
        egress: [
            { ports: ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol })) },
            { ports: API_SERVER_PORTS.map((port) => ({ port, protocol: "TCP" })) },
            ...egress,
        ],
    };
}
