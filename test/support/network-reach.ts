/** Who reaches whom among a program's pods, by its own NetworkPolicies: with the rules of the stand-in. */
import { compile } from "../../toolchain/cluster/network-policies/compile";
import { podOf, policyOf } from "../../toolchain/cluster/network-policies/kept";
import { Labels, Pod } from "../../toolchain/cluster/network-policies/objects";
import { contains, numberOf } from "../../toolchain/cluster/network-policies/ranges";
import { Registered } from "./mocks";

interface Metadata {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Labels;
}

interface Template {
    readonly metadata?: { readonly labels?: Labels };
    readonly spec: Parameters<typeof podOf>[0]["spec"] & { readonly hostNetwork?: boolean };
}

const FIRST = numberOf("10.244.1.1") ?? 0;
const WORKLOADS = /^kubernetes:(apps\/v1:(Deployment|StatefulSet|DaemonSet)|batch\/v1:(Job|CronJob))$/;

export class NetworkReach {
    private readonly namespaces = new Map<string, Labels>();
    private readonly pods: Pod[] = [];
    private readonly policies;
    private compiled: ReturnType<typeof compile> | undefined;

    constructor(resources: readonly Registered[]) {
        for (const { type, name, inputs } of resources) {
            const metadata = inputs.metadata as Metadata;
            if (type === "kubernetes:core/v1:Namespace") {
                const labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
                this.namespaces.set(metadata.name, labels);
            }
            if (!WORKLOADS.test(type)) continue;
            const spec = inputs.spec as { template?: Template; jobTemplate?: { spec: { template: Template } } };
            const template = spec.template ?? spec.jobTemplate?.spec.template;
            if (template === undefined || template.spec.hostNetwork === true) continue;
            this.add(metadata.namespace, name, template.metadata?.labels, template.spec);
        }
        this.policies = resources
            .filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .map(({ inputs }) => policyOf(inputs as unknown as Parameters<typeof policyOf>[0]));
    }

    /** A pod that no workload of the program makes: of a team, of a stranger. */
    add(namespace: string, name: string, labels: Labels = {}, spec: Template["spec"] = { containers: [] }): void {
        const kept = podOf({ metadata: { namespace, name, labels }, spec });
        this.pods.push({ ...kept, address: FIRST + this.pods.length });
        this.compiled = undefined;
    }

    get names(): string[] {
        return this.pods.map(({ namespace, name }) => `${namespace}/${name}`);
    }

    /** Whether the pod `namespace/name` may connect to the other one's TCP port. */
    reaches(from: string, to: string, port: number): boolean {
        const { namespaces, policies, pods } = this;
        this.compiled ??= compile({ namespaces, policies, pods, services: [] });
        const find = (key: string) => {
            const found = this.compiled?.find(({ pod }) => `${pod.namespace}/${pod.name}` === key);
            if (found === undefined) throw new Error(`no pod ${key} among ${this.names.join(", ")}`);
            return found;
        };
        const [sender, receiver] = [find(from), find(to)];
        const allows = (allowances: (typeof sender)["egress"], other: number) =>
            allowances === undefined ||
            allowances.some(
                ({ addresses, ports }) =>
                    (addresses === "any" || contains(addresses, other)) &&
                    (ports === "any" || contains(ports.TCP ?? [], port)),
            );
        return allows(sender.egress, receiver.pod.address) && allows(receiver.ingress, sender.pod.address);
    }
}
