import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, Gateway, TEAM_LABEL } from "../contracts";
import { databaseEgress, inNamespace, tcp } from "../kubernetes/network";
import { GpuMetricsSource } from "./args";
import { DCGM_PORT, HUB_PORT, NOTEBOOK_PORT, PROXY_API_PORT, PROXY_PORT } from "./resolve";
import { HUB, PROXY } from "./settings";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;

/** Labels that kubespawner gives the pods of notebooks. */
export const NOTEBOOK_PODS = { "app.kubernetes.io/component": "singleuser-server" };

const HUB_PODS: Peer = { podSelector: { matchLabels: { "app.kubernetes.io/name": HUB } } };
const PROXY_PODS: Peer = { podSelector: { matchLabels: { "app.kubernetes.io/name": PROXY } } };
const NOTEBOOKS: Peer = {
    namespaceSelector: { matchExpressions: [{ key: TEAM_LABEL, operator: "Exists" }] },
    podSelector: { matchLabels: NOTEBOOK_PODS },
};

/** The hub is called by the proxy and by notebooks, which ask it who comes to them. */
export const HUB_CALLERS: Peer[] = [PROXY_PODS, NOTEBOOKS];
/** All ports of the proxy; the gateway has a policy of its own, for its pages alone. */
export const PROXY_CALLERS: Peer[] = [HUB_PODS];

/** Where the hub connects to: database, proxy, notebooks, and the identity provider behind the gateway. */
export function hubEgress(server: DatabaseServer, gateway: Gateway, metrics?: GpuMetricsSource): Egress[] {
    return [
        databaseEgress(server),
        { ports: [tcp(PROXY_PORT), tcp(PROXY_API_PORT)], to: [PROXY_PODS] },
        { ports: [tcp(NOTEBOOK_PORT)], to: [NOTEBOOKS] },
        { ports: [tcp(gateway.podPort)], to: [inNamespace(gateway.namespace, gateway.podLabels)] },
        ...(metrics === undefined ? [] : [{ ports: [tcp(metrics.port ?? DCGM_PORT)] }]),
    ];
}

export const PROXY_EGRESS: Egress[] = [
    { ports: [tcp(HUB_PORT)], to: [HUB_PODS] },
    { ports: [tcp(NOTEBOOK_PORT)], to: [NOTEBOOKS] },
];

/** Lets the gateway come to the proxy's pages, and not to what commands it. */
export function fromGateway(gateway: Gateway): Policy {
    return {
        podSelector: { matchLabels: { "app.kubernetes.io/name": PROXY } },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [tcp(PROXY_PORT)], from: [inNamespace(gateway.namespace, gateway.podLabels)] }],
    };
}

/** Opens a team's namespace as far as its notebooks need: hub and proxy come in, and they ask the hub. */
export function notebookPolicy(namespace: pulumi.Input<string>): Policy {
    return {
        podSelector: { matchLabels: NOTEBOOK_PODS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            {
                ports: [tcp(NOTEBOOK_PORT)],
                from: [HUB_PODS, PROXY_PODS].map((pods) => ({ ...inNamespace(namespace), ...pods })),
            },
        ],
        egress: [{ ports: [tcp(HUB_PORT)], to: [{ ...inNamespace(namespace), ...HUB_PODS }] }],
    };
}
