import { propertyOf, unless } from "../../aws/resources";
import { securityHub } from "../../references";
import { rule } from "../../rule";

export const fileSystemEncryption = rule({
    id: "file-system-encrypted",
    title: "EFS file systems are encrypted",
    level: "mandatory",
    severity: "high",
    why: "They hold notebooks and datasets, are not encrypted by default, and cannot be encrypted later.",
    fix: "Set `encrypted: true`.",
    references: [
        securityHub("EFS.1", "Elastic File System should be configured to encrypt file data at-rest using AWS KMS"),
    ],
    places: propertyOf("aws:efs/fileSystem:FileSystem", "encrypted"),
    judge: (at) => unless(at, [true]),
});
