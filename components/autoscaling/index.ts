import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ElasticCapacity, ElasticPool, ImageSource } from "../contracts";
import { Controller } from "../kubernetes/controller";
import { Crds } from "../kubernetes/crds";
import { KARPENTER, karpenterController } from "./controller";
import * as generated from "./crds.json";
import { controllerIdentity } from "./identity";
import { interruptionQueue } from "./interruption";
import { nodeClassOf, nodeClassRef } from "./node-class";
import { nodePoolOf } from "./node-pool";
import { KarpenterSpec, resolveKarpenter } from "./resolve";

export { nodeClassOf, nodeClassRef } from "./node-class";
export type { NodeClassRef } from "./node-class";
export { nodePoolOf } from "./node-pool";
export type { NodeLifetime } from "./node-pool";
export { resolveKarpenter } from "./resolve";

export interface KarpenterArgs {
    /** The cluster and the pools to which nodes may be added. */
    capacity: ElasticCapacity;
    /** Must hold `karpenter`. */
    images: ImageSource;
    /** Pods of the controller; one leads, the others wait. Default: 2. */
    replicas?: number;
    /** The VPC has no way out, so only AWS APIs with a VPC endpoint are called; prices are those built in. Default: false. */
    isolated?: boolean;
    /** How long a node stays without pods, such as `10m`. Default: `10m`. */
    emptyFor?: string;
    /** Refuse to delete the CustomResourceDefinitions, and with them every elastic node. Default: false. */
    protectCrds?: boolean;
}

/**
 * Karpenter for AWS: adds nodes to elastic pools while pods wait for them, and takes empty ones away. Needs EKS's Pod
 * Identity agent and nodes that are not its own.
 *
 * Takes its AWS and Kubernetes providers from `opts.providers`.
 *
 * @see https://karpenter.sh/docs/
 */
export class Karpenter extends pulumi.ComponentResource {
    constructor(name: string, args: KarpenterArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Karpenter", name, {}, opts);
        const spec = resolveKarpenter(args, name);
        const { clusterName, region, endpoint, tags, pools } = args.capacity;

        const crds = new Crds(
            `${name}-crds`,
            { crds: generated.crds },
            { parent: this, protect: args.protectCrds ?? false },
        );
        const { queue, ready } = interruptionQueue(name, tags, this);
        const identity = controllerIdentity(name, args.capacity, queue.arn, spec.isolated, this);
        // Karpenter would make one for each pool; one is enough, and then it needs no rights on IAM.
        const profile = new aws.iam.InstanceProfile(
            `${name}-nodes`,
            { role: args.capacity.nodeRoleName, tags },
            { parent: this },
        );
        const controller = new Controller(
            KARPENTER,
            {
                ...karpenterController({
                    clusterName,
                    region,
                    endpoint,
                    queueName: queue.name,
                    isolated: spec.isolated,
                }),
                image: spec.image,
                replicas: spec.replicas,
            },
            { parent: this, dependsOn: [crds, profile, ...ready, ...identity] },
        );
        for (const pool of pools) this.addPool(`${name}-${pool.name}`, pool, args.capacity, spec, profile, controller);
        this.registerOutputs({});
    }

    /** Goes before the controller, which drains the pool's nodes and ends them while its NodePool is deleted. */
    private addPool(
        name: string,
        pool: ElasticPool,
        capacity: ElasticCapacity,
        { lifetime }: KarpenterSpec,
        profile: aws.iam.InstanceProfile,
        controller: pulumi.Resource,
    ): void {
        const parent = { parent: this };
        // A reservation says itself where its instances stand, and a group of ours would contradict.
        const group =
            pool.efa && pool.reservationId === undefined
                ? new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags: capacity.tags }, parent)
                : undefined;
        const surroundings = { instanceProfile: profile.name, ...(group && { placementGroup: group.name }) };
        const nodeClass = new k8s.apiextensions.CustomResource(
            `${name}-class`,
            nodeClassOf(pool, capacity, surroundings),
            { ...parent, dependsOn: controller, customTimeouts: { delete: DRAINING } },
        );
        new k8s.apiextensions.CustomResource(name, nodePoolOf(pool, nodeClassRef(pool), lifetime), {
            ...parent,
            dependsOn: nodeClass,
            customTimeouts: { delete: DRAINING },
        });
    }
}

/** Pods get their grace periods, then instances end; big ones take minutes to. */
const DRAINING = "30m";
