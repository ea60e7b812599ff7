import { nodeGroups } from "../../aws/nodes";
import { ofType, required } from "../../aws/resources";
import { objectsOfKind } from "../../kubernetes/objects";
import { Property } from "../../property";
import { awsDocs, karpenterDocs, securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const templates = ofType("aws:ec2/launchTemplate:LaunchTemplate");
const nodeClasses = objectsOfKind("karpenter.k8s.aws/EC2NodeClass");

/** How nodes start: a launch template, or Karpenter's EC2NodeClass, whose defaults are safer. */
interface Start {
    readonly root: Property;
    readonly isKarpenter: boolean;
}

function starts(resource: Resource): readonly Start[] {
    return [
        ...templates(resource).map(({ props }) => ({ root: props, isKarpenter: false })),
        ...nodeClasses(resource).map(({ root }) => ({ root: root.field("spec"), isKarpenter: true })),
    ];
}

export const nodeLaunchTemplate = rule({
    id: "node-launch-template",
    title: "Node groups start from a launch template at a fixed version",
    level: "mandatory",
    severity: "medium",
    why: "Only a template sets metadata, encryption and tags; `$Latest` changes nodes behind Pulumi's back.",
    fix: "Set `launchTemplate` with its id and the template's `latestVersion` output.",
    references: [
        awsDocs("Customize managed nodes with launch templates", "eks/latest/userguide/launch-templates.html"),
    ],
    places: (resource) => nodeGroups(resource).map((group) => group.field("launchTemplate").field("version")),
    judge: (at) => {
        const { value } = at;
        return value === "$Latest" || value === "$Default"
            ? { at, found: at.scalar, allowed: "a number" }
            : required(at, "a launch template and its version");
    },
});

const LONGEST_WAY = 1;
const METADATA = awsDocs(
    "Configure the Instance Metadata Service options",
    "AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
);

const metadata = (resource: Resource) =>
    starts(resource).map(({ root, isKarpenter }) => ({ options: root.field("metadataOptions"), isKarpenter }));

export const nodeMetadataTokens = rule({
    id: "node-metadata-tokens",
    title: "Nodes answer metadata requests with a token only",
    level: "mandatory",
    severity: "high",
    why: "Without tokens (IMDSv2) one forged request through any web service on the node steals its role.",
    fix: "Set `metadataOptions.httpTokens: required`.",
    references: [
        securityHub("EC2.170", "EC2 launch templates should use Instance Metadata Service Version 2"),
        METADATA,
    ],
    places: metadata,
    judge: ({ options, isKarpenter }) => {
        const at = options.field("httpTokens");
        const { value } = at;
        if (value === "required" || (value === undefined && isKarpenter)) return undefined;
        return { at, found: at.scalar, allowed: "required" };
    },
});

export const nodeMetadataHops = rule({
    id: "node-metadata-hops",
    title: "Pods do not reach the metadata of their node",
    level: "mandatory",
    severity: "high",
    why: "With two hops every pod can take the node's role; EKS's images allow two unless told otherwise.",
    fix: "Set `metadataOptions.httpPutResponseHopLimit: 1` and give pods roles of their own.",
    references: [METADATA],
    places: metadata,
    judge: ({ options, isKarpenter }) => {
        const at = options.field("httpPutResponseHopLimit");
        const { value } = at;
        if (value === LONGEST_WAY || (value === undefined && isKarpenter)) return undefined;
        return { at, found: at.scalar, allowed: `${LONGEST_WAY}` };
    },
});

export const nodeDisks = rule({
    id: "node-encrypted-disks",
    title: "Disks of nodes are encrypted gp3 volumes",
    level: "mandatory",
    severity: "medium",
    why: "Datasets, weights and image layers stay on them; gp2 costs a quarter more for less.",
    fix: "List the root volume in `blockDeviceMappings` with `encrypted: true` and `volumeType: gp3`.",
    references: [
        awsDocs("Amazon EBS encryption", "ebs/latest/userguide/ebs-encryption.html"),
        karpenterDocs("NodeClasses", "concepts/nodeclasses/"),
    ],
    places: (resource) => starts(resource).flatMap(({ root, isKarpenter }) => disks(root, isKarpenter)),
    judge: (disk) => {
        const encrypted = disk.field("encrypted");
        const { value } = encrypted;
        if (value !== true && value !== "true") return { at: encrypted, found: encrypted.scalar, allowed: "true" };
        const type = disk.field("volumeType");
        return type.value === "gp3" ? undefined : { at: type, found: type.scalar, allowed: "gp3" };
    },
});

// A template without mappings leaves the disk to the image; Karpenter's own default is encrypted gp3.
function disks(root: Property, isKarpenter: boolean): readonly Property[] {
    const mappings = root.field("blockDeviceMappings");
    const listed = mappings.items.filter((one) => one === mappings || !one.field("virtualName").exists);
    if (listed.length > 0) return listed.map((one) => one.field("ebs"));
    return isKarpenter ? [] : [new Property("blockDeviceMappings[0].ebs", () => undefined)];
}
