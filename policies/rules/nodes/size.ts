import { NodeSource, nodeSources } from "../../aws/nodes";
import { awsDocs, karpenterDocs } from "../../references";
import { Context, Finding, rule } from "../../rule";
import { numberSetting } from "../../settings";

const GPU_NODES = numberSetting("maxGpuNodes", "Nodes with accelerators in one group at most.", {
    local: 0,
    dev: 8,
    staging: 16,
    prod: 64,
});
const NODES = numberSetting("maxNodes", "Nodes without accelerators in one group at most.", {
    local: 0,
    dev: 10,
    staging: 20,
    prod: 100,
});

export const nodeGroupSize = rule({
    id: "node-group-size",
    title: "Groups of nodes have a largest size that the environment can pay for",
    level: "mandatory",
    severity: "medium",
    why: "A loop that creates pods buys nodes until something stops it.",
    fix: "Lower `scalingConfig.maxSize`, set `limits` of the NodePool, or raise the environment's cap on purpose.",
    references: [
        awsDocs("NodegroupScalingConfig", "eks/latest/APIReference/API_NodegroupScalingConfig.html"),
        karpenterDocs("NodePools", "concepts/nodepools/#speclimits"),
    ],
    settings: [GPU_NODES, NODES],
    places: nodeSources,
    judge: (source, context) => (source.maker === "managed" ? ofGroup(source, context) : ofPool(source, context)),
});

function capOf(source: NodeSource, { value }: Context): number {
    return value(source.accelerated() ? GPU_NODES : NODES);
}

function ofGroup(source: NodeSource, context: Context): Finding | undefined {
    const at = source.root.field("scalingConfig").field("maxSize");
    const { value } = at;
    const cap = capOf(source, context);
    return typeof value === "number" && value <= cap ? undefined : { at, found: at.scalar, allowed: `up to ${cap}` };
}

// Karpenter limits what its nodes add up to; the number of nodes is a limit too since 1.6, the others bound it.
function ofPool(source: NodeSource, context: Context): Finding | undefined {
    const at = source.root.field("spec").field("limits");
    if (at.isEmpty) return { at, allowed: "limits such as nodes, nvidia.com/gpu or cpu" };
    const nodes = at.field("nodes");
    if (!nodes.exists) return undefined;
    const cap = capOf(source, context);
    return Number(nodes.scalar) <= cap ? undefined : { at: nodes, found: nodes.scalar, allowed: `up to ${cap}` };
}
