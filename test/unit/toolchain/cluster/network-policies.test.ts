import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";

import { networkPolicyAccess } from "../../../../toolchain/cluster/addons/access";
import { podAddresses } from "../../../../toolchain/cluster/network-policies/addresses";
import { networkPolicyStandIn } from "../../../../toolchain/cluster/network-policies/component";
import { podOf, policyOf } from "../../../../toolchain/cluster/network-policies/kept";
import { kubelet } from "../../../../toolchain/cluster/node-components";

import { Access, compile } from "../../../../toolchain/cluster/network-policies/compile";
import {
    NamedPort,
    NodeService,
    Peer,
    Pod,
    Policy,
    PolicyPort,
    Protocol,
    Rule,
    Selector,
    State,
} from "../../../../toolchain/cluster/network-policies/objects";
import {
    addressOf,
    blockOf,
    contains,
    intersection,
    numberOf,
    Range,
    union,
    without,
} from "../../../../toolchain/cluster/network-policies/ranges";
import { allowed, Packet } from "./network-policy-model";
import { render } from "../../../../toolchain/cluster/network-policies/render";

/** What the compiled rules say, as nftables would go through them. */
function passes(accesses: readonly Access[], { from, to, protocol, port }: Packet): boolean {
    if (from === to) return true;
    const sender = accesses.find(({ pod }) => pod.address === from);
    const receiver = accesses.find(({ pod }) => pod.address === to);
    const allows = (allowances: Access["egress"], other: number) =>
        allowances === undefined ||
        allowances.some(
            ({ addresses, ports }) =>
                (addresses === "any" || contains(addresses, other)) &&
                (ports === "any" || contains(ports[protocol] ?? [], port)),
        );
    return allows(sender?.egress, to) && allows(receiver?.ingress, from);
}

// Few of everything, so that rules meet what they name.
const NAMES = ["a", "b", "c"];
const PORTS = [53, 80, 443, 8080, 8081];
const SERVICE = numberOf("10.88.0.1")!;
const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("x", "y"), { maxKeys: 2 });
const protocol = fc.constantFrom<Protocol>("TCP", "UDP", "SCTP");
const selector: fc.Arbitrary<Selector> = fc.record(
    {
        matchLabels: labels,
        matchExpressions: fc.array(
            fc.record({
                key: fc.constantFrom("app", "tier"),
                operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
                values: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
            }),
            { maxLength: 2 },
        ),
    },
    { requiredKeys: [] },
);
const inPods = fc.integer({ min: 0, max: 9 }).map((last) => `10.244.0.${last}`);
const block = fc.tuple(inPods, fc.constantFrom(0, 8, 24, 29, 30, 31, 32)).map(([base, bits]) => `${base}/${bits}`);
const peer: fc.Arbitrary<Peer> = fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ namespaceSelector: selector }),
    fc.record({ namespaceSelector: selector, podSelector: selector }),
    fc.record({
        ipBlock: fc.record({ cidr: block, except: fc.array(block, { maxLength: 2 }) }, { requiredKeys: ["cidr"] }),
    }),
);
const policyPort: fc.Arbitrary<PolicyPort> = fc.oneof(
    fc.record({ protocol }),
    fc.record({ protocol, port: fc.constantFrom(...PORTS) }, { requiredKeys: ["port"] }),
    fc.record({ protocol, port: fc.constantFrom("web", "dns") }, { requiredKeys: ["port"] }),
    fc.constant({ port: 80, endPort: 8080 }),
);
const rule: fc.Arbitrary<Rule> = fc.record(
    { peers: fc.array(peer, { maxLength: 3 }), ports: fc.array(policyPort, { maxLength: 3 }) },
    { requiredKeys: [] },
);
const policy: fc.Arbitrary<Policy> = fc.record(
    {
        namespace: fc.constantFrom(...NAMES),
        podSelector: selector,
        policyTypes: fc.subarray(["Ingress", "Egress"], { minLength: 1 }),
        ingress: fc.array(rule, { maxLength: 2 }),
        egress: fc.array(rule, { maxLength: 2 }),
    },
    { requiredKeys: ["namespace", "podSelector"] },
);
const namedPort: fc.Arbitrary<NamedPort> = fc.record({
    name: fc.constantFrom("web", "dns"),
    protocol,
    port: fc.constantFrom(...PORTS),
});
const pods: fc.Arbitrary<Pod[]> = fc
    .array(fc.record({ namespace: fc.constantFrom(...NAMES), labels, ports: fc.array(namedPort, { maxLength: 2 }) }), {
        maxLength: 6,
    })
    .map((all) => all.map((one, index) => ({ ...one, name: `p${index}`, address: numberOf(`10.244.0.${index}`)! })));
const dns: NodeService = {
    namespace: "a",
    labels: { app: "x" },
    address: SERVICE,
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};
const state: fc.Arbitrary<State> = fc
    .record({ all: fc.tuple(labels, labels, labels), policies: fc.array(policy, { maxLength: 4 }), pods })
    .map(({ all, policies, pods: known }) => ({
        namespaces: new Map(NAMES.map((name, index) => [name, all[index]!])),
        policies,
        pods: known,
        services: [dns],
    }));
const PROTOCOLS: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const ADDRESSES = [
    ...[0, 1, 2, 3, 4, 5, 8].map((last) => numberOf(`10.244.0.${last}`)!),
    SERVICE,
    numberOf("8.8.8.8")!,
];

describe("the rules of policies", () => {
    it("let through exactly what the specification lets through", () => {
        fc.assert(
            fc.property(state, (one) => {
                const accesses = compile(one);
                const packets = ADDRESSES.flatMap((from) =>
                    ADDRESSES.flatMap((to) =>
                        PORTS.flatMap((port) => PROTOCOLS.map((way) => ({ from, to, port, protocol: way }))),
                    ),
                );
                const wrong = packets.filter((packet) => passes(accesses, packet) !== allowed(one, packet));
                expect(wrong).toEqual([]);
            }),
            { numRuns: 300 },
        );
    });

    it("are the same whatever order the objects came in", () => {
        fc.assert(
            fc.property(state, (one) => {
                const other = { ...one, pods: [...one.pods].reverse(), policies: [...one.policies].reverse() };
                const text = (of: State) => render(compile(of), "10.244.0.0/24");
                expect(text(other)).toBe(text(one));
            }),
        );
    });

    it("become one table in which pods with the same rights share a chain", () => {
        const pod = (last: number, namespace: string): Pod => ({
            namespace,
            name: `p${last}`,
            labels: {},
            address: numberOf(`10.244.0.${last}`)!,
            ports: [],
        });
        const closed: Policy = { namespace: "a", podSelector: {}, policyTypes: ["Ingress", "Egress"] };
        const within: Policy = {
            namespace: "a",
            podSelector: {},
            ingress: [{ peers: [{ podSelector: {} }], ports: [{ port: 80, endPort: 90 }] }],
        };
        const text = render(
            compile({
                namespaces: new Map([
                    ["a", {}],
                    ["b", {}],
                ]),
                policies: [closed, within],
                pods: [pod(2, "a"), pod(3, "a"), pod(9, "b")],
                services: [],
            }),
            "10.244.0.0/24",
        );
        expect(text).toContain("elements = { 10.244.0.2 : jump ingress_0, 10.244.0.3 : jump ingress_0 }");
        expect(text).toContain("ip saddr { 10.244.0.2-10.244.0.3 } tcp dport { 80-90 } return\n        goto refuse");
        expect(text).toContain("elements = { 10.244.0.2, 10.244.0.3, 10.244.0.9 }");
        expect(text.match(/chain (in|e)gress_/g)).toHaveLength(2);
    });
});

describe("the program", () => {
    const binaries = { kubelet: "/bin/kubelet" } as unknown as Parameters<typeof kubelet>[0];

    it("is in place before the kubelet starts the first pod, and only where it is wanted", () => {
        const component = networkPolicyStandIn("/data/cluster/run/program-1234");
        expect(component.args).toContain("/run/mlp/run/program-1234/network-policy-stand-in.js");
        expect(component.after).toEqual(["kube-apiserver"]);
        expect(kubelet(binaries, 1, true).after).toContain(component.name);
        expect(kubelet(binaries, 1).after).not.toContain(component.name);
    });

    it("may list and watch what it needs, and nothing else", () => {
        const rules = networkPolicyAccess().flatMap((one) => (one.kind === "ClusterRole" ? (one.rules ?? []) : []));
        expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["list", "watch"]));
        expect(rules.flatMap(({ resources = [] }) => resources)).toEqual(["namespaces", "pods", "networkpolicies"]);
    });
});

describe("what is kept of objects", () => {
    it("is a policy with from and to as peers, and types as they were given", () => {
        const from = [{ podSelector: {} }];
        const ports = [{ port: 80 }];
        const metadata = { name: "p", namespace: "a" };
        expect(policyOf({ metadata, spec: { podSelector: {}, ingress: [{ from, ports }], egress: [{}] } })).toEqual({
            namespace: "a",
            podSelector: {},
            ingress: [{ peers: from, ports }],
            egress: [{}],
        });
    });

    it("are the named ports of containers and of sidecars, not of what ends before", () => {
        const port = (name: string) => ({ name, containerPort: 80 });
        const kept = podOf({
            metadata: { name: "p", namespace: "a" },
            spec: {
                containers: [{ ports: [port("web"), { containerPort: 81 }] }],
                initContainers: [{ ports: [port("first")] }, { restartPolicy: "Always", ports: [port("beside")] }],
            },
        });
        expect(kept.ports.map(({ name }) => name)).toEqual(["web", "beside"]);
    });
});

describe("addresses of pods", () => {
    it("are read from what the network has given out, half-written files and loopback left aside", () => {
        const folder = mkdtempSync(join(tmpdir(), "mlp-cni-"));
        const result = (pod: string, address: string, ifName = "eth0") => ({
            ifName,
            cniArgs: [
                ["K8S_POD_NAMESPACE", "a"],
                ["K8S_POD_NAME", pod],
            ],
            result: { ips: [{ version: "4", address }] },
        });
        writeFileSync(join(folder, "1"), JSON.stringify(result("one", "10.244.0.7/32")));
        writeFileSync(join(folder, "2"), JSON.stringify(result("one", "127.0.0.1/8", "lo")));
        writeFileSync(join(folder, "3"), JSON.stringify(result("two", "10.244.0.8/32")).slice(0, 40));
        expect([...podAddresses(folder)]).toEqual([[numberOf("10.244.0.7"), "a/one"]]);
        rmSync(folder, { recursive: true });
    });
});

describe("ranges", () => {
    const range = fc.tuple(fc.nat(60), fc.nat(8)).map(([first, size]): Range => [first, first + size]);
    const ranges = fc.array(range, { maxLength: 5 });
    const members = (all: readonly Range[]) => [...Array(80).keys()].filter((value) => contains(all, value));

    it("are added, taken away and intersected as sets of numbers", () => {
        fc.assert(
            fc.property(range, ranges, ranges, (one, some, others) => {
                expect(members(union(some))).toEqual(members(some));
                expect(members(without(one, some))).toEqual(members([one]).filter((value) => !contains(some, value)));
                expect(members(intersection(some, others))).toEqual(
                    members(some).filter((value) => contains(others, value)),
                );
            }),
        );
    });

    it("are disjoint and in order, as sets of the kernel must be", () => {
        fc.assert(
            fc.property(ranges, (some) => {
                const joined = union(some);
                joined.slice(1).forEach(([first], index) => expect(first).toBeGreaterThan(joined[index]![1] + 1));
            }),
        );
    });

    it("are blocks of addresses there and back", () => {
        expect(blockOf("10.244.0.77/24")!.map(addressOf)).toEqual(["10.244.0.0", "10.244.0.255"]);
        expect(blockOf("0.0.0.0/0")!.map(addressOf)).toEqual(["0.0.0.0", "255.255.255.255"]);
        expect(blockOf("fd00::/8")).toBeUndefined();
    });
});
