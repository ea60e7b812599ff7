/** What is kept of the API server's objects. */
import { Labels, NamedPort, Peer, Policy, PolicyPort, Protocol, Rule, Selector } from "./objects";

interface Metadata {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Labels;
}

interface NetworkPolicy {
    readonly metadata: Metadata;
    readonly spec?: {
        readonly podSelector?: Selector;
        readonly policyTypes?: readonly string[];
        readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
        readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
    };
}

interface Container {
    readonly restartPolicy?: string;
    readonly ports?: readonly {
        readonly name?: string;
        readonly protocol?: Protocol;
        readonly containerPort: number;
    }[];
}

interface PodObject {
    readonly metadata: Metadata;
    readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
}

export type KeptPod = Metadata & { readonly labels: Labels; readonly ports: readonly NamedPort[] };

export const namespaceOf = ({ metadata }: { readonly metadata: Metadata }): Labels => metadata.labels ?? {};

export function policyOf({ metadata, spec = {} }: NetworkPolicy): Policy {
    const { podSelector = {}, policyTypes, ingress, egress } = spec;
    return {
        namespace: metadata.namespace,
        podSelector,
        ...(policyTypes && { policyTypes }),
        ...(ingress && { ingress: ingress.map(({ from, ports }) => ruleOf(from, ports)) }),
        ...(egress && { egress: egress.map(({ to, ports }) => ruleOf(to, ports)) }),
    };
}

function ruleOf(peers: readonly Peer[] | undefined, ports: readonly PolicyPort[] | undefined): Rule {
    return { ...(peers && { peers }), ...(ports && { ports }) };
}

export function podOf({ metadata: { name, namespace, labels = {} }, spec }: PodObject): KeptPod {
    // An init container that stays is a sidecar, with ports like any other.
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
    const ports = [...spec.containers, ...sidecars].flatMap(({ ports: own = [] }) =>
        own.flatMap(({ name: port, protocol = "TCP", containerPort }) =>
            port === undefined ? [] : [{ name: port, protocol, port: containerPort }],
        ),
    );
    return { name, namespace, labels, ports };
}
