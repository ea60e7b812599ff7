/** The specification of NetworkPolicy as its text reads, one packet at a time, with nothing computed in advance. */
import {
    Labels,
    Peer,
    Pod,
    Policy,
    PolicyPort,
    Protocol,
    Rule,
    Selector,
    State,
} from "../../../../toolchain/cluster/network-policies/objects";
import { numberOf } from "../../../../toolchain/cluster/network-policies/ranges";

export interface Packet {
    readonly from: number;
    readonly to: number;
    readonly protocol: Protocol;
    readonly port: number;
}

export function allowed(state: State, packet: Packet): boolean {
    if (packet.from === packet.to) return true;
    const sender = state.pods.find(({ address }) => address === packet.from);
    const receiver = state.pods.find(({ address }) => address === packet.to);
    return (
        (sender === undefined || direction(state, packet, sender, "egress", packet.to)) &&
        (receiver === undefined || direction(state, packet, receiver, "ingress", packet.from))
    );
}

function direction(state: State, packet: Packet, pod: Pod, way: "egress" | "ingress", other: number): boolean {
    const applying = state.policies.filter(
        (policy) =>
            policy.namespace === pod.namespace && matches(policy.podSelector, pod.labels) && affects(policy, way),
    );
    if (applying.length === 0) return true;
    return applying.some((policy) =>
        (policy[way] ?? []).some((rule) => ruleAllows(state, policy, rule, packet, other, way)),
    );
}

function affects(policy: Policy, way: "egress" | "ingress"): boolean {
    if (policy.policyTypes !== undefined) return policy.policyTypes.includes(way === "egress" ? "Egress" : "Ingress");
    return way === "ingress" || (policy.egress ?? []).length > 0;
}

function ruleAllows(
    state: State,
    policy: Policy,
    rule: Rule,
    packet: Packet,
    other: number,
    way: "egress" | "ingress",
): boolean {
    const peers = rule.peers ?? [];
    const service = state.services.find(({ address }) => address === other);
    const direct = peers.length === 0 || peers.some((peer) => peerIs(state, policy.namespace, peer, other));
    const byService =
        way === "egress" &&
        service !== undefined &&
        peers.some((peer) => selectorsMatch(state, policy.namespace, peer, service)) &&
        service.ports.some(({ protocol, port }) => protocol === packet.protocol && port === packet.port);
    return (direct || byService) && portsAllow(state, rule.ports ?? [], packet);
}

function portsAllow(state: State, ports: readonly PolicyPort[], packet: Packet): boolean {
    if (ports.length === 0) return true;
    const receiver = state.pods.find(({ address }) => address === packet.to);
    return ports.some(({ protocol = "TCP", port, endPort }) => {
        if (protocol !== packet.protocol) return false;
        if (port === undefined) return true;
        if (typeof port === "number") return port <= packet.port && packet.port <= (endPort ?? port);
        return (receiver?.ports ?? []).some(
            (own) => own.name === port && own.protocol === protocol && own.port === packet.port,
        );
    });
}

function peerIs(state: State, home: string, peer: Peer, other: number): boolean {
    if (peer.ipBlock !== undefined) {
        const { cidr, except = [] } = peer.ipBlock;
        return inside(cidr, other) && !except.some((one) => inside(one, other));
    }
    const pod = state.pods.find(({ address }) => address === other);
    return pod !== undefined && selectorsMatch(state, home, peer, pod);
}

function selectorsMatch(state: State, home: string, peer: Peer, pod: Pick<Pod, "namespace" | "labels">): boolean {
    if (peer.ipBlock !== undefined) return false;
    if (peer.namespaceSelector === undefined) {
        return pod.namespace === home && matches(peer.podSelector ?? {}, pod.labels);
    }
    return (
        matches(peer.namespaceSelector, state.namespaces.get(pod.namespace)!) &&
        (peer.podSelector === undefined || matches(peer.podSelector, pod.labels))
    );
}

/** By the bits of the address, as a router does it. */
function inside(cidr: string, address: number): boolean {
    const [base = "", length = ""] = cidr.split("/");
    const bits = (value: number) => value.toString(2).padStart(32, "0").slice(0, Number(length));
    return bits(numberOf(base)!) === bits(address);
}

function matches(selector: Selector, labels: Labels): boolean {
    for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
    for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
        const has = key in labels;
        const listed = has && values.includes(labels[key]!);
        const holds = { In: listed, NotIn: !listed, Exists: has, DoesNotExist: !has }[operator];
        if (holds !== true) return false;
    }
    return true;
}
