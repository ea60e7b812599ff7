import { ofType } from "../../aws/resources";
import { Property } from "../../property";
import { awsDocs } from "../../references";
import { Resource, rule } from "../../rule";
import { everywhere, listSetting } from "../../settings";

const TAGS = listSetting("tags", "Tags that everything with a price carries.", {
    ...everywhere<readonly string[]>(["owner", "environment", "costCenter"]),
});

/** What costs by the hour, the gigabyte or the request. */
const priced = ofType(
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/eip:Eip",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:kms/key:Key",
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:sqs/queue:Queue",
);
const templates = ofType("aws:ec2/launchTemplate:LaunchTemplate");

/** A place for tags; `all` is what the provider makes of them with its own. */
interface TagPlace {
    readonly tags: Property;
    readonly all?: Property;
}

export const requiredTags = rule({
    id: "cost-tags",
    title: "Everything with a price says whose it is",
    level: "mandatory",
    severity: "medium",
    why: "Untagged costs are split by guessing, and nobody dares to delete what nobody owns.",
    fix: "Set `tags`, in launch templates `tagSpecifications` as well: node groups do not tag their instances.",
    references: [
        awsDocs(
            "Building your cost allocation strategy",
            "whitepapers/latest/tagging-best-practices/building-a-cost-allocation-strategy.html",
        ),
    ],
    settings: [TAGS],
    places: (resource: Resource): readonly TagPlace[] => [
        ...priced(resource).map(({ props }) => ({ tags: props.field("tags"), all: props.field("tagsAll") })),
        ...templates(resource).flatMap(({ props }) => specifications(props)),
    ],
    judge: ({ tags, all }, { value }) => {
        const missing = value(TAGS).filter((tag) => !tags.field(tag).exists && all?.field(tag).exists !== true);
        return missing.length === 0 ? undefined : { at: tags, allowed: `also ${missing.join(", ")}` };
    },
});

function specifications(props: Property): readonly TagPlace[] {
    const list = props.field("tagSpecifications");
    return ["instance", "volume"].map((type) => {
        const tags = new Property(`tagSpecifications(${type}).tags`, () => {
            const one = list.items.find((item) => item.field("resourceType").value === type);
            return one?.field("tags").value;
        });
        return { tags };
    });
}
