import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
    Gateway,
    ImageSource,
    ModelRegistry,
    ObjectAccess,
    ObjectStore,
    ObjectStoreKind,
    TEAM_LABEL,
    Tenant,
} from "../contracts";
import { podSecurityLabels } from "../kubernetes/hardening";
import { localQueueOf, LOCAL_QUEUE } from "../queueing";
import { TeamAccess } from "./access";
import { ContainerDefaults, TeamMembers, TeamNetwork, TeamQuota } from "./args";
import { environmentOf } from "./environment";
import { limitRangeSpecOf, quotaSpecOf } from "./limits";
import { DENY_ALL, egressOf, WITHIN_TEAM } from "./network";
import { accessToObjects, OBJECT_SECRET } from "./objects";
import { resolveTeam, TeamSpec } from "./resolve";
import { ENVIRONMENT_CONFIG_MAP } from "./roles";
import { servicesOf } from "./services";

export type { ContainerDefaults, TeamMembers, TeamNetwork, TeamQuota } from "./args";
export { resolveTeam } from "./resolve";

export interface TeamArgs {
    /** Unique on the platform, at most 40 letters, digits and dashes: the namespace is `team-<name>`. */
    name: string;
    /** What an ObjectStoreAccess needs. */
    images: ImageSource;
    /** Keeps the team's objects, below `team-<name>/` in its bucket of artifacts. */
    store: ObjectStore;
    /** What it may use at a time. Default: see the fields. */
    quota?: TeamQuota;
    /** What containers get that say nothing of their own. Default: see the fields. */
    containers?: ContainerDefaults;
    /** Users and groups with the rights of the members' account. Default: none, people use its token. */
    members?: TeamMembers;
    /** Users and groups that keep its Secrets and volumes in order; they are members too. Default: none. */
    admins?: TeamMembers;
    /** Where its pods may connect to. Default: the internet and the platform's services. */
    network?: TeamNetwork;
    /** Registry of its runs and models. Default: none. */
    registry?: ModelRegistry;
    /** Argo's server, as `host:port`. Default: none. */
    argoServer?: string;
    /** Lets its pods use the URLs that people use. Default: none. */
    gateway?: Gateway;
    /** Refuse to delete its namespace, and with it all that lies there. Default: false. */
    protect?: boolean;
    /** ClusterQueue in which its jobs and pods wait for their turn: that of a `TeamQueue`. Default: none, nothing waits. */
    clusterQueue?: pulumi.Input<string>;
}

/**
 * A team's place on the platform: a namespace with its accounts and their rights, its limits, its network, its part of
 * the object store, and the environment in which clients find the platform's services.
 */
export class Team extends pulumi.ComponentResource {
    /** What other components need of it. */
    readonly tenant: Tenant;

    constructor(name: string, args: TeamArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Team", name, {}, opts);
        const spec = resolveTeam(args, name);
        const { Namespace, ConfigMap } = k8s.core.v1;
        const labels = { [TEAM_LABEL]: args.name, ...podSecurityLabels("restricted") };
        const made = new Namespace(
            spec.namespace,
            { metadata: { name: spec.namespace, labels } },
            { parent: this, ...(args.protect === true && { protect: true }) },
        );
        const namespace = made.metadata.name;

        this.limit(spec, namespace);
        this.connect(spec, namespace, args);
        const hasKey = args.store.kind === ObjectStoreKind.SeaweedFs;
        const queued = args.clusterQueue !== undefined;
        const rights = { ...spec, queued, ...(hasKey && { objectSecret: OBJECT_SECRET }) };
        const { pipeline, member } = new TeamAccess(spec.namespace, namespace, rights, { parent: this });
        const objects: ObjectAccess = accessToObjects(
            { ...args, team: spec.namespace, namespace, prefix: spec.objectPrefix, accounts: { pipeline, member } },
            { parent: this },
        );
        new ConfigMap(
            `${spec.namespace}-environment`,
            {
                metadata: { name: ENVIRONMENT_CONFIG_MAP, namespace },
                data: environmentOf(namespace, spec.objectPrefix, args),
            },
            { parent: this },
        );

        this.tenant = {
            name: args.name,
            namespace,
            objectPrefix: spec.objectPrefix,
            pipelineServiceAccount: pipeline,
            memberServiceAccount: member,
            objects,
            ...(args.clusterQueue !== undefined && { queueName: this.queue(spec, namespace, args.clusterQueue) }),
        };
        this.registerOutputs({ tenant: this.tenant });
    }

    private limit(spec: TeamSpec, namespace: pulumi.Input<string>): void {
        const parent = { parent: this };
        const metadata = { name: "team", namespace };
        const { ResourceQuota, LimitRange } = k8s.core.v1;
        // First: a quota without it refuses every container that says nothing of its own.
        const defaults = new LimitRange(
            `${spec.namespace}-defaults`,
            { metadata, spec: limitRangeSpecOf(spec.containers) },
            parent,
        );
        new ResourceQuota(
            `${spec.namespace}-quota`,
            { metadata, spec: quotaSpecOf(spec.quota) },
            { ...parent, dependsOn: defaults },
        );
    }

    /** Whatever is not in a queue yet comes into this one by its name. */
    private queue(spec: TeamSpec, namespace: pulumi.Input<string>, clusterQueue: pulumi.Input<string>): string {
        const queue = localQueueOf(namespace, clusterQueue);
        new k8s.apiextensions.CustomResource(`${spec.namespace}-queue`, queue, { parent: this });
        return LOCAL_QUEUE;
    }

    private connect(spec: TeamSpec, namespace: pulumi.Input<string>, args: TeamArgs): void {
        const policies = {
            "deny-all": DENY_ALL,
            "within-team": WITHIN_TEAM,
            platform: egressOf(spec.network, servicesOf(args), args.store.kind === ObjectStoreKind.S3),
        };
        for (const [name, policy] of Object.entries(policies)) {
            new k8s.networking.v1.NetworkPolicy(
                `${spec.namespace}-${name}`,
                { metadata: { name, namespace }, spec: policy },
                { parent: this },
            );
        }
    }
}
