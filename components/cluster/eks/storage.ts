import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Scope, tagsOf } from "./naming";
import { Network } from "./network";
import { EksSpec } from "./spec";

export interface SharedStorage {
    readonly efs?: aws.efs.FileSystem;
    readonly lustre?: aws.fsx.LustreFileSystem;
    /** What pods mount through. */
    readonly mounts: readonly pulumi.Resource[];
}

export interface StorageSurroundings {
    readonly network: Network;
    /** Of nodes and pods. */
    readonly securityGroupId: pulumi.Input<string>;
    readonly key: aws.kms.Key;
}

/** File systems that outlive pods and nodes, encrypted with the cluster's key. */
export function sharedStorage(scope: Scope, around: StorageSurroundings): SharedStorage {
    const { efs: wantsEfs, lustre: wantsLustre } = scope.spec.storage;
    const efs = wantsEfs ? elasticFileSystem(scope, around) : undefined;
    const lustre = wantsLustre && lustreFileSystem(scope, wantsLustre, around);
    return {
        ...(efs && { efs: efs.fileSystem }),
        ...(lustre && { lustre }),
        mounts: [...(efs?.mounts ?? []), ...(lustre ? [lustre] : [])],
    };
}

function elasticFileSystem(
    scope: Scope,
    { network, securityGroupId, key }: StorageSurroundings,
): { fileSystem: aws.efs.FileSystem; mounts: pulumi.Resource[] } {
    const { spec, parent } = scope;
    const name = `${scope.name}-efs`;
    const fileSystem = new aws.efs.FileSystem(
        name,
        {
            encrypted: true,
            kmsKeyId: key.arn,
            performanceMode: "generalPurpose",
            throughputMode: "elastic",
            // Homes of people who left cost a tenth.
            lifecyclePolicies: [
                { transitionToIa: "AFTER_30_DAYS" },
                { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
            ],
            tags: tagsOf(scope, "efs"),
        },
        { parent, protect: spec.protect },
    );
    new aws.efs.BackupPolicy(
        name,
        { fileSystemId: fileSystem.id, backupPolicy: { status: spec.protect ? "ENABLED" : "DISABLED" } },
        { parent },
    );
    const group = fileServerGroup(scope, "efs", network.vpcId, securityGroupId, NFS);
    const mounts = Object.entries(network.nodeSubnets).map(
        ([zone, subnetId]) =>
            new aws.efs.MountTarget(
                `${name}-${zone}`,
                { fileSystemId: fileSystem.id, subnetId, securityGroups: [group.id] },
                { parent },
            ),
    );
    return { fileSystem, mounts };
}

type LustreSpec = NonNullable<EksSpec["storage"]["lustre"]>;

function lustreFileSystem(
    scope: Scope,
    { zone, capacityGiB, throughput }: LustreSpec,
    { network, securityGroupId, key }: StorageSurroundings,
): aws.fsx.LustreFileSystem | undefined {
    const { spec, parent } = scope;
    const subnetId = network.nodeSubnets[zone];
    if (subnetId === undefined) return undefined;
    const group = fileServerGroup(scope, "lustre", network.vpcId, securityGroupId, LUSTRE);
    return new aws.fsx.LustreFileSystem(
        `${scope.name}-lustre`,
        {
            deploymentType: "PERSISTENT_2",
            storageType: "SSD",
            fileSystemTypeVersion: "2.15",
            storageCapacity: capacityGiB,
            perUnitStorageThroughput: throughput,
            dataCompressionType: "LZ4",
            kmsKeyId: key.arn,
            subnetIds: subnetId,
            securityGroupIds: [group.id],
            automaticBackupRetentionDays: spec.protect ? 7 : 0,
            copyTagsToBackups: true,
            tags: tagsOf(scope, "lustre"),
        },
        { parent, protect: spec.protect },
    );
}

interface Ports {
    readonly [part: string]: readonly [from: number, to: number];
}

const NFS: Ports = { nfs: [2049, 2049] };
/** @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html */
const LUSTRE: Ports = { servers: [988, 988], clients: [1018, 1023] };

/** Lets nodes and pods reach a file server, and its servers reach one another, on its own ports. */
function fileServerGroup(
    scope: Scope,
    part: string,
    vpcId: pulumi.Input<string>,
    clients: pulumi.Input<string>,
    ports: Ports,
): aws.ec2.SecurityGroup {
    const { spec, parent } = scope;
    const name = `${scope.name}-${part}`;
    const group = new aws.ec2.SecurityGroup(
        name,
        { vpcId, description: `${part} of the EKS cluster ${spec.clusterName}`, tags: tagsOf(scope, part) },
        { parent },
    );
    for (const [use, [fromPort, toPort]] of Object.entries(ports)) {
        for (const [from, referencedSecurityGroupId] of Object.entries({ nodes: clients, itself: group.id })) {
            const rule = {
                securityGroupId: group.id,
                referencedSecurityGroupId,
                ipProtocol: "tcp",
                fromPort,
                toPort,
                tags: tagsOf(scope, `${part}-${use}-${from}`),
            };
            const description = `${use} ${from}`;
            new aws.vpc.SecurityGroupIngressRule(`${name}-${use}-${from}`, { ...rule, description }, { parent });
            // Lustre's servers call their clients back.
            if (part !== "lustre") continue;
            new aws.vpc.SecurityGroupEgressRule(`${name}-${use}-${from}`, { ...rule, description }, { parent });
        }
    }
    return group;
}
