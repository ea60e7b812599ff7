/** What of Kubernetes' objects decides who may talk to whom. */

export type Labels = Readonly<Record<string, string>>;
export type Protocol = "TCP" | "UDP" | "SCTP";

export interface Selector {
    readonly matchLabels?: Labels;
    readonly matchExpressions?: readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[];
    }[];
}

export interface Peer {
    readonly podSelector?: Selector;
    readonly namespaceSelector?: Selector;
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyPort {
    readonly protocol?: Protocol;
    /** A number or a port's name. */
    readonly port?: number | string;
    readonly endPort?: number;
}

/** One rule of ingress or egress, whatever its peers are called. */
export interface Rule {
    readonly ports?: readonly PolicyPort[];
    readonly peers?: readonly Peer[];
}

/** A NetworkPolicy, with `from` and `to` both called peers. */
export interface Policy {
    readonly namespace: string;
    readonly podSelector: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
}

export interface NamedPort {
    readonly name: string;
    readonly protocol: Protocol;
    readonly port: number;
}

/** A pod with an address of its own: none of the host's network. */
export interface Pod {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Labels;
    readonly address: number;
    readonly ports: readonly NamedPort[];
}

/** A process of the node that stands for pods, as CoreDNS does: selectors reach it on these ports alone. */
export interface NodeService {
    readonly namespace: string;
    readonly labels: Labels;
    readonly address: number;
    readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
}

/** Everything that the rules follow from. */
export interface State {
    readonly namespaces: ReadonlyMap<string, Labels>;
    readonly policies: readonly Policy[];
    readonly pods: readonly Pod[];
    readonly services: readonly NodeService[];
}

/** Whether labels are selected; an empty selector selects all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
    return (
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
        matchExpressions.every(({ key, operator, values = [] }) => {
            const value = labels[key];
            switch (operator) {
                case "In":
                    return value !== undefined && values.includes(value);
                case "NotIn":
                    return value === undefined || !values.includes(value);
                case "Exists":
                    return value !== undefined;
                case "DoesNotExist":
                    return value === undefined;
                default:
                    return false;
            }
        })
    );
}
