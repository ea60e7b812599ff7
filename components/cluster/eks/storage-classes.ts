import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CLASSES } from "./contract";
import { Scope } from "./naming";
import { SharedStorage } from "./storage";

/** The cluster's StorageClasses; EKS makes none of its own. */
export function storageClasses(
    scope: Scope,
    { efs, lustre, mounts }: SharedStorage,
    key: aws.kms.Key,
    provider: k8s.Provider,
): void {
    const { name, spec, parent } = scope;
    const opts = { parent, provider };
    new k8s.storage.v1.StorageClass(
        `${name}-${CLASSES.block}`,
        {
            metadata: {
                name: CLASSES.block,
                annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "ebs.csi.aws.com",
            parameters: { type: "gp3", encrypted: "true", kmsKeyId: key.arn },
            // A volume stands in one zone: the one that its pod is scheduled to.
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: spec.protect ? "Retain" : "Delete",
        },
        opts,
    );
    if (efs !== undefined) {
        new k8s.storage.v1.StorageClass(
            `${name}-${CLASSES.shared}`,
            {
                metadata: { name: CLASSES.shared },
                provisioner: "efs.csi.aws.com",
                // An access point for each volume: a directory and a user of its own.
                parameters: { provisioningMode: "efs-ap", fileSystemId: efs.id, directoryPerms: "700" },
                mountOptions: ["tls"],
                reclaimPolicy: spec.protect ? "Retain" : "Delete",
            },
            { ...opts, dependsOn: [...mounts] },
        );
    }
    if (lustre !== undefined) lustreVolume(scope, lustre, opts);
}

/**
 * The one Lustre file system as one volume that a claim of the class binds. Making a file system for each claim would
 * cost its smallest size, 1.2 TiB, each time.
 */
function lustreVolume({ name }: Scope, lustre: aws.fsx.LustreFileSystem, opts: pulumi.CustomResourceOptions): void {
    const storageClass = new k8s.storage.v1.StorageClass(
        `${name}-${CLASSES.parallel}`,
        {
            metadata: { name: CLASSES.parallel },
            provisioner: "kubernetes.io/no-provisioner",
            volumeBindingMode: "WaitForFirstConsumer",
            reclaimPolicy: "Retain",
        },
        opts,
    );
    new k8s.core.v1.PersistentVolume(
        `${name}-${CLASSES.parallel}`,
        {
            metadata: { name: CLASSES.parallel },
            spec: {
                capacity: { storage: pulumi.interpolate`${lustre.storageCapacity}Gi` },
                accessModes: ["ReadWriteMany"],
                mountOptions: ["flock"],
                persistentVolumeReclaimPolicy: "Retain",
                storageClassName: storageClass.metadata.name,
                csi: {
                    driver: "fsx.csi.aws.com",
                    volumeHandle: lustre.id,
                    volumeAttributes: { dnsname: lustre.dnsName, mountname: lustre.mountName },
                },
            },
        },
        opts,
    );
}
