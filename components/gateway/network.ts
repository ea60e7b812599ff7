import * as k8s from "@pulumi/kubernetes";

import { proxyLabels } from "./controller";
import { GatewaySpec } from "./resolve";

/** Ports of the proxies that only the cluster itself asks: readiness and figures. */
const READINESS_PORT = 19_003;
const METRICS_PORT = 19_001;

/**
 * Who may speak to the proxies, and whom they ask for names and configuration; each route adds where it leads to. The
 * listener is open: its callers come from outside, by a load balancer or a relay that no selector names.
 */
export function proxyPolicyOf(
    { podPort }: GatewaySpec,
    gateway: string,
): k8s.types.input.networking.v1.NetworkPolicySpec {
    const tcp = (port: number) => ({ port, protocol: "TCP" });
    return {
        podSelector: { matchLabels: proxyLabels(gateway) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [tcp(podPort), tcp(READINESS_PORT), tcp(METRICS_PORT)] }],
        egress: [
            { ports: ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol })) },
            {
                ports: [tcp(18_000)],
                to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy-gateway" } } }],
            },
        ],
    };
}
