import { instanceClass } from "../../aws/instances";
import { nodeSources } from "../../aws/nodes";
import { propertyOf } from "../../aws/resources";
import { awsDocs } from "../../references";
import { Resource, rule } from "../../rule";
import { listSetting } from "../../settings";

const SMALL = ["c", "g", "gr", "i", "m", "r", "t"];
const LARGE = [...SMALL, "p"];

const CLASSES = listSetting("instanceClasses", "Classes of EC2 instances that nodes may be: `p` of `p5.48xlarge`.", {
    local: [],
    dev: SMALL,
    staging: LARGE,
    prod: LARGE,
});

const INSTANCES = awsDocs(
    "Choose an optimal Amazon EC2 node instance type",
    "eks/latest/userguide/choosing-instance-type.html",
);

const templateType = propertyOf("aws:ec2/launchTemplate:LaunchTemplate", "instanceType");

export const nodeInstanceClass = rule({
    id: "node-instance-class",
    title: "Nodes are of classes that the environment allows",
    level: "mandatory",
    severity: "medium",
    why: "One p5.48xlarge costs as much in a day as a small cluster in a month.",
    fix: "Choose a smaller type, or allow the class for this environment on purpose.",
    references: [INSTANCES],
    settings: [CLASSES],
    places: (resource: Resource) => [
        ...nodeSources(resource).flatMap((source) => source.instances()),
        ...templateType(resource),
    ],
    judge: (at, { value }) => {
        const allowed = value(CLASSES);
        return at.text === undefined || allowed.includes(instanceClass(at.text))
            ? undefined
            : { at, found: at.text, allowed: `classes ${allowed.join(", ")}` };
    },
});

const NOT_ON_DEMAND = listSetting("notOnDemand", "Classes that may only be bought as spot or reserved capacity.", {
    local: ["p", "trn"],
    dev: ["p", "trn"],
    staging: [],
    prod: [],
});

export const nodeOnDemand = rule({
    id: "node-no-dear-on-demand",
    title: "The dearest instances are not bought on demand where nobody waits for them",
    level: "mandatory",
    severity: "medium",
    why: "On demand is AWS's default and the full price: spot, a reservation or a capacity block costs a fraction.",
    fix: "Set `capacityType` to SPOT or CAPACITY_BLOCK, in Karpenter `karpenter.sh/capacity-type` to spot or reserved.",
    references: [INSTANCES],
    settings: [NOT_ON_DEMAND],
    places: nodeSources,
    judge: (source, { value }) => {
        const dear = value(NOT_ON_DEMAND);
        const type = source.instances().find(({ text }) => text !== undefined && dear.includes(instanceClass(text)));
        const at = type && source.onDemand();
        return at && { at, found: at.scalar, allowed: `spot or reserved for ${type.text ?? "this type"}` };
    },
});
