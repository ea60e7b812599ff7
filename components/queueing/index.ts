import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_LIFETIME, Lifetime } from "../certificates";
import { GpuPool, ImageSource, TEAM_LABEL } from "../contracts";
import { Crds } from "../kubernetes/crds";
import { installOperator } from "../kubernetes/operator";
import { GpuShare } from "./args";
import {
    kueueController,
    kueueMutating,
    kueueValidating,
    KUEUE_SERVICE,
    METRICS_CERTIFICATE_PATH,
    QUEUEING_NAMESPACE,
} from "./controller";
import * as generated from "./crds.json";
import { impossibleJobs } from "./guard";
import {
    clusterQueueOf,
    COHORT,
    cpuFlavor,
    flavorOf,
    KUEUE_API,
    localQueueOf,
    LOCAL_QUEUE,
    PRIORITIES,
    priorityClassOf,
} from "./objects";
import { sharedGroups, teamGroups } from "./quota";
import { CPU_FLAVOR, resolveController, resolveTeamQueue } from "./resolve";

export type { GpuShare } from "./args";
export { localQueueOf, LOCAL_QUEUE } from "./objects";
export { gpuLimits } from "./quota";
export { resolveQueueing } from "./resolve";
export type { PoolShare, QueueingPlan, QueueingTeam } from "./resolve";

export interface QueueingArgs {
    /** Must hold `kueue`. */
    images: ImageSource;
    /** GPU nodes of the cluster: a ResourceFlavor each. */
    gpuPools: GpuPool[];
    /** GPUs by pool that belong to no team: every team may borrow them. Default: none. */
    sharedGpus?: { [pool: string]: number };
    /** Pods of the controller, of which one works. Default: 1; take 2 where nodes come and go. */
    replicas?: number;
    /**
     * Minutes until all pods of a job must be ready, new nodes and images included: else it gives everything back and
     * waits again. Default: 30.
     */
    podsReadyMinutes?: number;
    /** Hours that the records of finished jobs stay. Default: 168. */
    keepHours?: number;
    /** Life of the webhooks' certificate. Default: one year, renewed in its last quarter. */
    certificates?: Lifetime;
    /** Refuse to delete the CustomResourceDefinitions, and with them every queue. Default: false. */
    protectCrds?: boolean;
}

/**
 * Kueue: jobs of teams wait for their turn, start with all their pods or not at all, borrow GPUs that others leave idle
 * and give them back when they are asked for.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/
 */
export class Queueing extends pulumi.ComponentResource {
    /** Cohort whose queues lend GPUs to one another. */
    readonly cohort: pulumi.Output<string>;
    /** WorkloadPriorityClasses, the lowest first. */
    readonly priorityClasses: pulumi.Output<string[]>;

    constructor(name: string, args: QueueingArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Queueing", name, {}, opts);
        const spec = resolveController(args, name);
        const { gpuPools } = args;
        const crds = new Crds(
            `${name}-crds`,
            { crds: generated.crds },
            { parent: this, protect: args.protectCrds ?? false },
        );
        const operator = installOperator(
            {
                name: KUEUE_SERVICE,
                namespace: QUEUEING_NAMESPACE,
                image: spec.image,
                replicas: spec.replicas,
                lifetime: args.certificates ?? DEFAULT_LIFETIME,
                controller: kueueController(spec),
                metricsCertificatePath: METRICS_CERTIFICATE_PATH,
                mutating: kueueMutating,
                validating: kueueValidating,
            },
            { parent: this, dependsOn: crds },
        );

        const ready = { parent: this, dependsOn: operator };
        const { CustomResource } = k8s.apiextensions;
        const flavors = [cpuFlavor(), ...gpuPools.map(flavorOf)].map((flavor, index) => {
            const pool = index === 0 ? CPU_FLAVOR : (gpuPools[index - 1]?.name ?? "");
            return new CustomResource(`${name}-flavor-${pool}`, flavor, ready);
        });
        const cohort = new CustomResource(
            `${name}-cohort`,
            {
                apiVersion: KUEUE_API,
                kind: "Cohort",
                metadata: { name: COHORT },
                spec: { resourceGroups: sharedGroups(gpuPools, args.sharedGpus ?? {}) },
            },
            { parent: this, dependsOn: [...operator, ...flavors] },
        );
        const priorities = Object.entries(PRIORITIES).map(
            ([priority, facts]) =>
                new CustomResource(`${name}-priority-${priority}`, priorityClassOf(priority, facts), ready),
        );

        this.cohort = cohort.metadata.name;
        this.priorityClasses = pulumi.output(priorities.map(({ metadata }) => metadata.name));
        this.registerOutputs({ cohort: this.cohort, priorityClasses: this.priorityClasses });
    }
}

export interface TeamQueueArgs {
    /** The team: its namespaces carry its name as the label `mlp.dev/team`. */
    team: string;
    /** GPU nodes of the cluster, as `Queueing` got them. */
    gpuPools: GpuPool[];
    /** What the team may use of the pools; of a pool that is left out nothing. Default: no GPUs. */
    gpus?: GpuShare[];
    /** Cores that its pods may request together: what the namespace's ResourceQuota says. */
    cpu: string;
    /** Memory that they may request together: what the namespace's ResourceQuota says. */
    memory: string;
    /** Pods at a time: what the namespace's ResourceQuota says. */
    pods: number;
    /** Namespace that gets the LocalQueue `default`. Default: none, as a `Team` makes its own. */
    namespace?: pulumi.Input<string>;
}

/** A team's queue: its part of the cluster, what it may borrow, and a rule that refuses what could never run in it. */
export class TeamQueue extends pulumi.ComponentResource {
    /** Name of the ClusterQueue. */
    readonly clusterQueue: pulumi.Output<string>;
    /** Name of the LocalQueue that jobs and pods name. */
    readonly queueName: string;

    constructor(name: string, args: TeamQueueArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:TeamQueue", name, {}, opts);
        const shares = resolveTeamQueue(args, name);
        const { team, gpuPools, namespace } = args;
        const parent = { parent: this };
        const queue = `team-${team}`;
        const namespaces = { matchLabels: { [TEAM_LABEL]: team } };
        const { CustomResource } = k8s.apiextensions;
        const made = new CustomResource(
            name,
            clusterQueueOf(queue, teamGroups(args, gpuPools, shares), namespaces),
            parent,
        );
        this.clusterQueue = made.metadata.name;
        this.queueName = LOCAL_QUEUE;
        this.refuse(queue, namespaces, impossibleJobs(team, gpuPools, shares));
        if (namespace !== undefined) {
            new CustomResource(`${name}-local`, localQueueOf(namespace, this.clusterQueue), parent);
        }
        this.registerOutputs({ clusterQueue: this.clusterQueue });
    }

    private refuse(
        queue: string,
        namespaceSelector: k8s.types.input.meta.v1.LabelSelector,
        spec: k8s.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec,
    ): void {
        const { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } = k8s.admissionregistration.v1;
        const name = `${queue}-impossible-jobs`;
        const parent = { parent: this };
        const policy = new ValidatingAdmissionPolicy(name, { metadata: { name }, spec }, parent);
        new ValidatingAdmissionPolicyBinding(
            name,
            {
                metadata: { name },
                spec: {
                    policyName: policy.metadata.name,
                    validationActions: ["Deny"],
                    matchResources: { namespaceSelector },
                },
            },
            parent,
        );
    }
}
