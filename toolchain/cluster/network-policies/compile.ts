/** Policies to what each pod may send and receive. Pure: the same state gives the same answer, whatever its order was. */
import { Peer, Pod, Policy, PolicyPort, Protocol, Rule, selects, State } from "./objects";
import { blockOf, intersection, Range, union, without } from "./ranges";

/** Ports by protocol; a protocol that is not there is not allowed. */
export type Ports = Partial<Readonly<Record<Protocol, readonly Range[]>>>;

/** One thing that is allowed: other ends, and ports of whoever receives. */
export interface Allowance {
    readonly addresses: readonly Range[] | "any";
    /** `any`: every protocol, ICMP among them. */
    readonly ports: Ports | "any";
}

/** What a pod may send or receive; undefined where no policy isolates it. */
export interface Access {
    readonly pod: Pod;
    readonly ingress: readonly Allowance[] | undefined;
    readonly egress: readonly Allowance[] | undefined;
}

type Direction = "ingress" | "egress";

const EVERY_PORT: Range = [0, 65535];
const PROTOCOLS: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

export function compile(state: State): Access[] {
    const pods = [...state.pods].sort((a, b) => a.address - b.address);
    const ordered = { ...state, pods };
    return pods.map((pod) => {
        const policies = state.policies.filter(
            ({ namespace, podSelector }) => namespace === pod.namespace && selects(podSelector, pod.labels),
        );
        const access = (direction: Direction) => accessOf(pod, direction, policies, ordered);
        return { pod, ingress: access("ingress"), egress: access("egress") };
    });
}

function accessOf(pod: Pod, direction: Direction, policies: readonly Policy[], state: State): Allowance[] | undefined {
    const isolating = policies.filter((policy) => isolates(policy, direction));
    if (isolating.length === 0) return undefined;
    const allowances = isolating.flatMap((policy) =>
        (policy[direction] ?? []).flatMap((rule) => allowancesOf(rule, direction, policy.namespace, pod, state)),
    );
    const distinct = new Map(allowances.map((allowance) => [JSON.stringify(allowance), allowance]));
    return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, allowance]) => allowance);
}

/** Without types a policy is about ingress, and about egress where it has rules of it. */
function isolates({ policyTypes, egress = [] }: Policy, direction: Direction): boolean {
    const types = policyTypes ?? (egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
    return types.includes(direction === "ingress" ? "Ingress" : "Egress");
}

function allowancesOf(
    { peers = [], ports = [] }: Rule,
    direction: Direction,
    namespace: string,
    pod: Pod,
    state: State,
): Allowance[] {
    const matched = state.pods.filter((one) => peers.some((peer) => isPeer(peer, one, namespace, state)));
    const blocks = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : addressesOf(ipBlock)));
    const addresses: Allowance["addresses"] = peers.length === 0 ? "any" : union([...matched.map(only), ...blocks]);
    const numbered = ports.filter(({ port }) => typeof port !== "string");
    const named = ports.filter(({ port }) => typeof port === "string");
    const allowances: Allowance[] = [
        ...(ports.length === 0 ? [{ addresses, ports: "any" as const }] : []),
        ...(numbered.length > 0 ? [{ addresses, ports: portsOf(numbered) }] : []),
        // A name means what the pod that receives calls so.
        ...(direction === "ingress"
            ? [{ addresses, ports: resolved(named, pod) }]
            : toNamed(named, addresses, state.pods)),
        ...(direction === "egress" ? toServices(peers, ports, namespace, state) : []),
    ];
    return allowances.filter((one) => one.addresses.length > 0 && (one.ports === "any" || hasPorts(one.ports)));
}

const only = ({ address }: Pod): Range => [address, address];
const hasPorts = (ports: Ports): boolean => Object.keys(ports).length > 0;

function isPeer(
    { podSelector, namespaceSelector }: Peer,
    pod: Pick<Pod, "namespace" | "labels">,
    home: string,
    { namespaces }: State,
): boolean {
    if (podSelector === undefined && namespaceSelector === undefined) return false;
    const there = namespaces.get(pod.namespace);
    const inNamespace =
        namespaceSelector === undefined
            ? pod.namespace === home
            : there !== undefined && selects(namespaceSelector, there);
    return inNamespace && selects(podSelector ?? {}, pod.labels);
}

function addressesOf({ cidr, except = [] }: NonNullable<Peer["ipBlock"]>): Range[] {
    const block = blockOf(cidr);
    if (block === undefined) return [];
    return without(
        block,
        except.map(blockOf).filter((one) => one !== undefined),
    );
}

function portsOf(ports: readonly PolicyPort[]): Ports {
    return byProtocol(
        ports.map(({ protocol = "TCP", port, endPort }) => [
            protocol,
            typeof port === "number" ? [port, endPort ?? port] : EVERY_PORT,
        ]),
    );
}

/** Ports that a pod has under the names. */
function resolved(names: readonly PolicyPort[], { ports }: Pod): Ports {
    return byProtocol(
        ports
            .filter(({ name, protocol }) =>
                names.some((one) => one.port === name && (one.protocol ?? "TCP") === protocol),
            )
            .map(({ protocol, port }) => [protocol, [port, port]]),
    );
}

function byProtocol(ports: readonly (readonly [Protocol, Range])[]): Ports {
    const entries = PROTOCOLS.map(
        (protocol) => [protocol, union(ports.filter(([one]) => one === protocol).map(([, range]) => range))] as const,
    );
    return Object.fromEntries(entries.filter(([, ranges]) => ranges.length > 0));
}

function toNamed(names: readonly PolicyPort[], addresses: Allowance["addresses"], pods: readonly Pod[]): Allowance[] {
    if (names.length === 0) return [];
    const reachable = (pod: Pod): Range[] => (addresses === "any" ? [only(pod)] : intersection(addresses, [only(pod)]));
    return pods.map((pod) => ({ addresses: reachable(pod), ports: resolved(names, pod) }));
}

function toServices(
    peers: readonly Peer[],
    ports: readonly PolicyPort[],
    namespace: string,
    state: State,
): Allowance[] {
    const wanted = portsOf(ports.length === 0 ? PROTOCOLS.map((protocol) => ({ protocol })) : ports.filter(isNumbered));
    return state.services
        .filter((service) => peers.some((peer) => isPeer(peer, service, namespace, state)))
        .map(({ address, ports: own }) => ({
            addresses: [[address, address]],
            ports: byProtocol(
                own.flatMap(({ protocol, port }) =>
                    intersection(wanted[protocol] ?? [], [[port, port]]).map((range) => [protocol, range] as const),
                ),
            ),
        }));
}

const isNumbered = ({ port }: PolicyPort): boolean => typeof port !== "string";
