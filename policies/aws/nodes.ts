import { objectsOfKind } from "../kubernetes/objects";
import { Property } from "../property";
import { Resource } from "../rule";
import { isAccelerated } from "./instances";
import { ofType } from "./resources";

/** What makes nodes of one kind: a managed node group, or a NodePool of Karpenter. */
export interface NodeSource {
    readonly maker: "managed" | "karpenter";
    readonly root: Property;
    readonly taints: Property;
    /** Where instance types, families or categories are named. */
    instances(): readonly Property[];
    /** Whether its nodes carry GPUs or other accelerators. */
    accelerated(): boolean;
    /** Where it says that nodes are bought on demand, at full price; absent where it says otherwise. */
    onDemand(): Property | undefined;
}

const managed = ofType("aws:eks/nodeGroup:NodeGroup");
const karpenter = objectsOfKind("karpenter.sh/NodePool");

export function nodeSources(resource: Resource): readonly NodeSource[] {
    return [
        ...managed(resource).map(({ props }) => nodeGroup(props)),
        ...karpenter(resource).map(({ root }) => nodePool(root)),
    ];
}

/** Managed node groups, Karpenter's pools left out. */
export function nodeGroups(resource: Resource): readonly Property[] {
    return managed(resource).map(({ props }) => props);
}

function nodeGroup(root: Property): NodeSource {
    const instances = () => root.field("instanceTypes").items;
    return {
        maker: "managed",
        root,
        taints: root.field("taints"),
        instances,
        // Types may stand in the launch template, as for capacity blocks; the image tells all the same.
        accelerated: () => instances().some(names) || /NVIDIA|NEURON|GPU/.test(root.field("amiType").text ?? ""),
        onDemand: () => {
            const at = root.field("capacityType");
            const { value } = at;
            return value === undefined || value === "ON_DEMAND" ? at : undefined;
        },
    };
}

const INSTANCE_KEYS = [
    "node.kubernetes.io/instance-type",
    "karpenter.k8s.aws/instance-category",
    "karpenter.k8s.aws/instance-family",
];

function nodePool(root: Property): NodeSource {
    const template = root.field("spec").field("template").field("spec");
    const values = (...keys: readonly string[]) =>
        template
            .find("requirements[]")
            .filter((one) => keys.includes(one.field("key").text ?? "") && one.field("operator").value === "In")
            .flatMap((one) => one.field("values").items);
    const instances = () => values(...INSTANCE_KEYS);
    return {
        maker: "karpenter",
        root,
        taints: template.field("taints"),
        instances,
        accelerated: () => instances().some(names) || values("karpenter.k8s.aws/instance-gpu-name").length > 0,
        onDemand: () => {
            const capacity = values("karpenter.sh/capacity-type");
            if (capacity.length === 0) return template.field("requirements");
            return capacity.find(({ value }) => value === "on-demand");
        },
    };
}

function names(at: Property): boolean {
    return at.text !== undefined && isAccelerated(at.text);
}
