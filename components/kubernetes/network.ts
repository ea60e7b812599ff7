import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer } from "../contracts";

type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Ports of the API server as pods meet it: behind its Service, and directly on EKS or an embedded cluster. */
export const API_SERVER_PORTS = [443, 6443];

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
                          ports: ports.map(({ port }) => tcp(port)),
                          ...(callers.length > 0 && { from: callers }),
                      },
                  ],
        egress: [{ ports: DNS_PORTS }, { ports: API_SERVER_PORTS.map(tcp) }, ...egress],
    };
}

export function tcp(port: pulumi.Input<number>): Port {
    return { port, protocol: "TCP" };
}

/** Where names are asked for. */
export const DNS_PORTS: Port[] = ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol }));

/** The pods of one namespace, by the label that Kubernetes gives it: those with `podLabels`. Default: all. */
export function inNamespace(
    name: pulumi.Input<string>,
    podLabels?: { [label: string]: string },
): k8s.types.input.networking.v1.NetworkPolicyPeer {
    return {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        ...(podLabels && { podSelector: { matchLabels: podLabels } }),
    };
}

/** Lets a pod connect to a database server: by its labels where it runs in the cluster. */
export function databaseEgress({
    podLabels,
    namespace,
    port,
}: DatabaseServer): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
    const ports = [tcp(port)];
    if (podLabels === undefined) return { ports };
    return { ports, to: [inNamespace(namespace, podLabels)] };
}
