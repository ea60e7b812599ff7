import { NodeSource, nodeSources } from "../../aws/nodes";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { rule } from "../../rule";

/** How each maker writes the effects that keep pods away. */
const EFFECTS: Readonly<Record<NodeSource["maker"], readonly string[]>> = {
    managed: ["NO_SCHEDULE", "NO_EXECUTE"],
    karpenter: ["NoSchedule", "NoExecute"],
};

export const nodeGpuTaint = rule({
    id: "node-gpu-taint",
    title: "Nodes with accelerators take only pods that ask for them",
    level: "mandatory",
    severity: "medium",
    why: "One small pod without a GPU keeps a node at 50 dollars an hour from being removed.",
    fix: "Taint the nodes `nvidia.com/gpu=true` with an effect that keeps other pods away.",
    references: [
        awsDocs(
            "Place Kubernetes pods on nodes by using taints",
            "eks/latest/userguide/node-taints-managed-node-groups.html",
        ),
    ],
    places: nodeSources,
    judge: (source) => {
        if (!source.accelerated()) return undefined;
        const keepsAway = (taint: Property) => EFFECTS[source.maker].some((one) => one === taint.field("effect").value);
        return source.taints.items.some(keepsAway)
            ? undefined
            : { at: source.taints, allowed: `a taint with ${EFFECTS[source.maker].join(" or ")}` };
    },
});
