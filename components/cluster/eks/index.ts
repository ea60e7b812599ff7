import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, ElasticCapacity } from "../../contracts";
import { installAddons } from "./addons";
import { EksGpuClusterArgs } from "./args";
import { contractOf } from "./contract";
import { controlPlane, ControlPlane } from "./control-plane";
import { elasticCapacity, isElastic } from "./elastic";
import { vpcEndpoints } from "./endpoints";
import { nodeRole } from "./identity";
import { clusterKey } from "./key";
import { kubeconfigOf } from "./kubeconfig";
import { flowLogs } from "./logs";
import { Scope } from "./naming";
import { Network, vpcOf } from "./network";
import { nodeGroup } from "./node-group";
import { Account, partitionOf } from "./partition";
import { resolveEks } from "./resolve";
import { EksSpec } from "./spec";
import { sharedStorage } from "./storage";
import { storageClasses } from "./storage-classes";

/**
 * An EKS cluster with GPU pools, and the network around it: control plane, add-ons at pinned versions, a system pool,
 * managed node groups for fixed GPU pools, what Karpenter needs for elastic ones, storage classes.
 *
 * Providers `aws` and `eks` come from `opts.providers`, and the `aws` one works in the region of the arguments.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/
 */
export class EksGpuCluster extends pulumi.ComponentResource {
    /** Pass it to components in `opts.providers`. What it makes comes after nodes and add-ons, and goes before them. */
    readonly provider: k8s.Provider;
    /** What other components need to know. */
    readonly contract: Cluster;
    /** For people and pipelines with the AWS CLI and an access entry; it holds no key. */
    readonly kubeconfig: pulumi.Output<string>;
    /** For an autoscaler; nothing where no pool is elastic. */
    readonly elastic: ElasticCapacity | undefined;
    readonly vpcId: pulumi.Output<string>;
    /** Subnets of the nodes, by zone. */
    readonly nodeSubnetIds: pulumi.Output<{ [zone: string]: string }>;
    /** Of nodes, pods and control plane. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Encrypts secrets, logs, volumes and file systems. */
    readonly kmsKeyArn: pulumi.Output<string>;
    readonly nodeRoleArn: pulumi.Output<string>;
    /** Nothing without EFS. */
    readonly efsId: pulumi.Output<string> | undefined;
    /** Nothing without FSx for Lustre. */
    readonly lustreId: pulumi.Output<string> | undefined;

    constructor(name: string, args: EksGpuClusterArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:EksGpuCluster", name, {}, opts);
        const spec = resolveEks(args, name);
        const scope: Scope = { name, spec, parent: this };
        const account = accountOf(scope);

        const key = clusterKey(scope, account);
        const network = networkOf(scope, account, key);
        const node = nodeRole(scope);
        const plane = controlPlane(scope, network, key, node);
        const storage = sharedStorage(scope, { network, securityGroupId: plane.securityGroupId, key });

        const around = { account, network, controlPlane: plane, ...(storage.efs && { efsArn: storage.efs.arn }) };
        const early = spec.addons.filter(({ beforeNodes }) => beforeNodes);
        const late = spec.addons.filter(({ beforeNodes }) => !beforeNodes);
        const addons = installAddons(scope, early, around);
        const nodes = { network, controlPlane: plane, node, keyArn: key.arn, addons };
        const system = nodeGroup(scope, spec.systemPool, nodes);
        const fixed = spec.gpuPools.filter((pool) => !isElastic(pool)).map((pool) => nodeGroup(scope, pool, nodes));
        const rest = installAddons(scope, late, around, [system]);

        this.kubeconfig = accessTo(spec, plane);
        this.provider = new k8s.Provider(
            name,
            {
                kubeconfig: pulumi.secret(this.kubeconfig),
                clusterIdentifier: spec.clusterName,
                // A renewed certificate changes a Secret in place: its readers keep their mounts.
                enableSecretMutable: true,
            },
            // Whatever runs in the cluster leaves while nodes, load balancers' controllers and drivers still work.
            { parent: this, dependsOn: [system, ...fixed, ...rest] },
        );
        storageClasses(scope, storage, key, this.provider);

        this.contract = contractOf(spec);
        this.elastic = elasticCapacity(scope, { network, controlPlane: plane, node, key });
        this.vpcId = pulumi.output(network.vpcId);
        this.nodeSubnetIds = pulumi.output(network.nodeSubnets).apply((subnets) => ({ ...subnets }));
        this.securityGroupId = plane.securityGroupId;
        this.kmsKeyArn = key.arn;
        this.nodeRoleArn = node.role.arn;
        this.efsId = storage.efs?.id;
        this.lustreId = storage.lustre?.id;
        this.registerOutputs({ contract: this.contract, kubeconfig: this.kubeconfig, vpcId: this.vpcId });
    }
}

/** The account that the provider's credentials are of; a KMS policy has to name it. */
function accountOf({ spec: { region }, parent }: Scope): pulumi.Output<Account> {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent });
    return accountId.apply((known) => ({ ...partitionOf(region), region, accountId: known }));
}

/** The VPC that exists, or one with its endpoints and flow logs. */
function networkOf(scope: Scope, account: pulumi.Output<Account>, key: aws.kms.Key): Network {
    const { network } = scope.spec;
    if (network.kind === "existing") {
        const { vpcId, nodeSubnets, podSubnets } = network;
        return { vpcId, nodeSubnets, podSubnets, controlPlaneSubnets: Object.values(nodeSubnets), waysOut: [] };
    }
    const vpc = vpcOf(scope, network);
    flowLogs(scope, vpc.vpcId, network.flowLogDays, key, account);
    return { ...vpc, waysOut: [...vpc.waysOut, ...vpcEndpoints(scope, network, vpc)] };
}

function accessTo({ clusterName, region }: EksSpec, plane: ControlPlane): pulumi.Output<string> {
    return pulumi
        .all([plane.endpoint, plane.certificateAuthority])
        .apply(([endpoint, certificateAuthority]) =>
            kubeconfigOf({ clusterName, region, endpoint, certificateAuthority }),
        );
}
