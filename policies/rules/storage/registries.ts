import { ofType, unless } from "../../aws/resources";
import { securityHub } from "../../references";
import { rule } from "../../rule";

const repositories = ofType("aws:ecr/repository:Repository");

export const registryTags = rule({
    id: "registry-immutable-tags",
    title: "A tag of an image repository means one image for good",
    level: "mandatory",
    severity: "medium",
    why: "A tag that moves runs another image on the next node; ECR lets it move by default.",
    fix: "Set `imageTagMutability: IMMUTABLE`.",
    references: [securityHub("ECR.2", "ECR private repositories should have tag immutability configured")],
    places: repositories,
    judge: ({ props }) => unless(props.field("imageTagMutability"), ["IMMUTABLE"]),
});

export const registryScan = rule({
    id: "registry-scanned",
    title: "Images are scanned when they are pushed",
    level: "mandatory",
    severity: "medium",
    why: "A known hole in a base image is otherwise found by somebody else.",
    fix: "Set `imageScanningConfiguration.scanOnPush: true`.",
    references: [securityHub("ECR.1", "ECR private repositories should have image scanning configured")],
    places: repositories,
    judge: ({ props }) => unless(props.field("imageScanningConfiguration").field("scanOnPush"), [true]),
});

export const registryEncryption = rule({
    id: "registry-encrypted",
    title: "Image repositories are encrypted with a KMS key",
    level: "mandatory",
    severity: "low",
    why: "Images of ours hold code and sometimes weights; AES256, the default, is not audited.",
    fix: "Set `encryptionConfigurations` to one with `encryptionType: KMS`; it cannot be changed later.",
    references: [securityHub("ECR.5", "ECR repositories should be encrypted with customer managed AWS KMS keys")],
    places: repositories,
    judge: ({ props }) => {
        const configurations = props.field("encryptionConfigurations");
        const type = configurations.items[0]?.field("encryptionType") ?? configurations.field("encryptionType");
        return unless(type, ["KMS", "KMS_DSSE"]);
    },
});
