import { ofType, unless } from "../../aws/resources";
import { securityHub } from "../../references";
import { Resource, rule } from "../../rule";

const keys = ofType("aws:kms/key:Key");

// Only symmetric keys for encryption can be rotated.
const rotatable = ({ props }: Resource) =>
    [undefined, "ENCRYPT_DECRYPT"].some((usage) => usage === props.field("keyUsage").value) &&
    [undefined, "SYMMETRIC_DEFAULT"].some((spec) => spec === props.field("customerMasterKeySpec").value);

export const kmsRotation = rule({
    id: "kms-key-rotation",
    title: "KMS keys are rotated every year",
    level: "mandatory",
    severity: "medium",
    why: "It is off by default; old keys stay for what they encrypted, so nothing breaks.",
    fix: "Set `enableKeyRotation: true`.",
    references: [securityHub("KMS.4", "AWS KMS key rotation should be enabled")],
    places: (resource) => keys(resource).filter(rotatable),
    judge: ({ props }) => unless(props.field("enableKeyRotation"), [true]),
});
