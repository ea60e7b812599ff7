import * as k8s from "@pulumi/kubernetes";

import { DNS_PORTS, tcp } from "../kubernetes/network";
import { CONTROLLER, proxyLabels, XDS_PORT } from "./controller";
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
    return {
        podSelector: { matchLabels: proxyLabels(gateway) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [tcp(podPort), tcp(READINESS_PORT), tcp(METRICS_PORT)] }],
        egress: [
            { ports: DNS_PORTS },
            {
                ports: [tcp(XDS_PORT)],
                to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": CONTROLLER } } }],
            },
        ],
    };
}
