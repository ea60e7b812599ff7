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
    const group = fileServerGroup(scope, NFS, network.vpcId, securityGroupId);
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
    const group = fileServerGroup(scope, LUSTRE, network.vpcId, securityGroupId);
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

/** A file server's security group lets nodes and pods in on its ports. */
interface Serving {
    readonly part: string;
    readonly ports: { readonly [use: string]: readonly [from: number, to: number] };
    /** Servers talk to one another, and call their clients back. */
    readonly callsBack: boolean;
}

const NFS: Serving = { part: "efs", ports: { nfs: [2049, 2049] }, callsBack: false };
/** @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html */
const LUSTRE: Serving = { part: "lustre", ports: { servers: [988, 988], clients: [1018, 1023] }, callsBack: true };

function fileServerGroup(
    scope: Scope,
    { part, ports, callsBack }: Serving,
    vpcId: pulumi.Input<string>,
    nodes: pulumi.Input<string>,
): aws.ec2.SecurityGroup {
    const { spec, parent } = scope;
    const group = new aws.ec2.SecurityGroup(
        `${scope.name}-${part}`,
        { vpcId, description: `${part} of the EKS cluster ${spec.clusterName}`, tags: tagsOf(scope, part) },
        { parent },
    );
    const peers = { nodes, ...(callsBack && { servers: group.id }) };
    for (const [use, [fromPort, toPort]] of Object.entries(ports)) {
        for (const [peer, referencedSecurityGroupId] of Object.entries(peers)) {
            const name = `${part}-${use}-${peer}`;
            const rule = {
                securityGroupId: group.id,
                referencedSecurityGroupId,
                description: `${part} ${use}, ${peer}`,
                ipProtocol: "tcp",
                fromPort,
                toPort,
                tags: tagsOf(scope, name),
            };
            new aws.vpc.SecurityGroupIngressRule(`${scope.name}-${name}`, rule, { parent });
            if (callsBack) new aws.vpc.SecurityGroupEgressRule(`${scope.name}-${name}`, rule, { parent });
        }
    }
    return group;
}
