import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { API_SERVER_PORTS, DNS_PORTS, inNamespace, tcp } from "../kubernetes/network";
import { TeamSpec } from "./resolve";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** A service of the platform that a team's pods use. */
export interface PlatformService {
    readonly namespace: pulumi.Input<string>;
    readonly port: number;
    /** Default: every pod of the namespace. */
    readonly podLabels?: { [label: string]: string };
}

/** Private, shared, link-local and loopback addresses: nodes, pods, Services and the instance's metadata among them. */
const NOT_INTERNET = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
/** Where EKS Pod Identity's agent gives a pod its role, on every node. */
const POD_IDENTITY_AGENT = { ranges: ["169.254.170.23/32"], port: 80 };

/** Nothing comes in and nothing goes out, but for what another policy allows. */
export const DENY_ALL: Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** The pods of a namespace among themselves: the nodes of a distributed training, a notebook and its kernel. */
export const WITHIN_TEAM: Spec = {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: {} }] }],
    egress: [{ to: [{ podSelector: {} }] }],
};

/** What every pod of a team may connect to. */
export function egressOf(
    network: TeamSpec["network"],
    services: readonly PlatformService[],
    podIdentity: boolean,
): Spec {
    const { internet, apiServer, ranges } = network;
    const egress: Egress[] = [
        { to: [inNamespace("kube-system")], ports: DNS_PORTS },
        { ...(apiServer.length > 0 && { to: apiServer.map(range) }), ports: API_SERVER_PORTS.map(tcp) },
        ...services.map(({ namespace, port, podLabels }) => ({
            to: [inNamespace(namespace, podLabels)],
            ports: [tcp(port)],
        })),
    ];
    if (podIdentity) egress.push({ to: POD_IDENTITY_AGENT.ranges.map(range), ports: [tcp(POD_IDENTITY_AGENT.port)] });
    if (ranges.length > 0) egress.push({ to: ranges.map(range) });
    // Packages, public models and data sets.
    if (internet) egress.push({ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_INTERNET } }] });
    return { podSelector: {}, policyTypes: ["Egress"], egress };
}

function range(cidr: string): k8s.types.input.networking.v1.NetworkPolicyPeer {
    return { ipBlock: { cidr } };
}
