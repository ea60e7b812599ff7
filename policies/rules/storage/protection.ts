import { ofType } from "../../aws/resources";
import { Property } from "../../property";
import { Reference } from "../../references";
import { rule } from "../../rule";

const PROTECT: Reference = {
    name: "Pulumi documentation",
    version: "2026",
    reference: "Resource option: protect",
    specification: "Resource option: protect",
    url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
};

export const statefulProtected = rule({
    id: "stateful-protected",
    title: "What holds data is protected in prod",
    level: "mandatory-in-prod",
    severity: "high",
    why: "A renamed resource or a wrong stack would delete it before anybody reads the preview.",
    fix: "Set the option `protect: true` on the resource or its component.",
    references: [PROTECT],
    places: ofType(
        "aws:ecr/repository:Repository",
        "aws:efs/fileSystem:FileSystem",
        "aws:eks/cluster:Cluster",
        "aws:fsx/lustreFileSystem:LustreFileSystem",
        "aws:kms/key:Key",
        "aws:rds/cluster:Cluster",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
    ),
    judge: ({ protect }) =>
        protect ? undefined : { at: Property.root({ protect }).field("protect"), found: protect, allowed: "true" },
});
