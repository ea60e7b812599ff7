/** What pods may send and receive as one table of nftables. Pure. */
import { Access, Allowance, Ports } from "./compile";
import { addressOf, Range } from "./ranges";

export const TABLE = "network_policy_stand_in";
/** Set of flows that were refused lately. */
export const REFUSED = "refused";

type Direction = "ingress" | "egress";

/** The other end as the packet names it. */
const OTHER: Readonly<Record<Direction, string>> = { ingress: "saddr", egress: "daddr" };

/**
 * The whole table, in place of the one before, within one transaction. An address of the pods' range that belongs to no
 * pod that is known may neither send nor receive: a new pod waits until its policies are in force.
 */
export function render(accesses: readonly Access[], podRange: string): string {
    const addresses = accesses.map(({ pod }) => addressOf(pod.address));
    const egress = chainsOf("egress", accesses);
    const ingress = chainsOf("ingress", accesses);
    return `add table inet ${TABLE}
delete table inet ${TABLE}
table inet ${TABLE} {
${set("set known", "ipv4_addr", addresses)}
${set(
    "set itself",
    "ipv4_addr . ipv4_addr",
    addresses.map((address) => `${address} . ${address}`),
)}
${set("map egress", "ipv4_addr : verdict", egress.jumps)}
${set("map ingress", "ipv4_addr : verdict", ingress.jumps)}
    set ${REFUSED} {
        type ipv4_addr . ipv4_addr . inet_proto . inet_service
        flags dynamic,timeout
        timeout 10m
        size 4096
    }
    chain refuse {
        meta l4proto { tcp, udp, sctp } update @${REFUSED} { ip saddr . ip daddr . meta l4proto . th dport }
        drop
    }
${[...egress.chains, ...ingress.chains].join("\n")}
    chain from_pod {
        ip saddr != ${podRange} return
        ip saddr != @known goto refuse
        ip saddr vmap @egress
    }
    chain to_pod {
        ip daddr != ${podRange} return
        ip daddr != @known goto refuse
        ip daddr vmap @ingress
    }
    chain forward {
        type filter hook forward priority filter + 10; policy accept
        ct state established,related accept
        ip saddr . ip daddr @itself accept
        jump from_pod
        jump to_pod
    }
    chain input {
        type filter hook input priority filter + 10; policy accept
        iifname "lo" accept
        ct state established,related accept
        meta l4proto ipv6-icmp accept
        meta nfproto ipv6 drop
        jump from_pod
    }
}
`;
}

function set(head: string, type: string, elements: readonly string[]): string {
    const held = elements.length === 0 ? "" : `        elements = { ${elements.join(", ")} }\n`;
    return `    ${head} {\n        type ${type}\n${held}    }`;
}

/** Pods with the same rights share a chain. */
function chainsOf(direction: Direction, accesses: readonly Access[]): { chains: string[]; jumps: string[] } {
    const chains = new Map<string, string>();
    const jumps = accesses.flatMap(({ pod, [direction]: allowances }) => {
        if (allowances === undefined) return [];
        const rules = allowances.flatMap((one) => rulesOf(direction, one)).join("\n");
        const name = chains.get(rules) ?? `${direction}_${chains.size}`;
        chains.set(rules, name);
        return [`${addressOf(pod.address)} : jump ${name}`];
    });
    return {
        jumps,
        chains: [...chains].map(([rules, name]) => {
            const lines = rules === "" ? "" : `${rules}\n`;
            return `    chain ${name} {\n${lines}        goto refuse\n    }`;
        }),
    };
}

function rulesOf(direction: Direction, { addresses, ports }: Allowance): string[] {
    const other = addresses === "any" ? "" : `ip ${OTHER[direction]} ${setOf(addresses, addressOf)} `;
    return portMatches(ports).map((match) => `        ${other}${match}return`);
}

function portMatches(ports: Ports | "any"): string[] {
    if (ports === "any") return [""];
    return Object.entries(ports).map(
        ([protocol, ranges]) => `${protocol.toLowerCase()} dport ${setOf(ranges, String)} `,
    );
}

function setOf(ranges: readonly Range[], text: (value: number) => string): string {
    const parts = ranges.map(([first, last]) => (first === last ? text(first) : `${text(first)}-${text(last)}`));
    return `{ ${parts.join(", ")} }`;
}
