import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, ImageSource, ModelRegistry, ObjectStore } from "../contracts";
import { BucketPurpose, Database, ObjectRight, ObjectStoreAccess } from "../data";
import { Controller } from "../kubernetes/controller";
import { podSecurityLabels } from "../kubernetes/hardening";
import { databaseEgress } from "../kubernetes/network";
import { OneTimeJob } from "../kubernetes/one-time-job";
import { callersOf, objectStoreEgress } from "./network";
import { REGISTRY_NAMESPACE, REGISTRY_PORT, REGISTRY_SERVICE, resolveRegistry } from "./resolve";
import { migrationOf, serverOf } from "./server";

export { REGISTRY_NAMESPACE, REGISTRY_PORT, resolveRegistry } from "./resolve";
export { REGISTRY_API_GROUP, registryRules, RegistryRole } from "./roles";

export interface MlflowRegistryArgs {
    /** Must hold `mlflow`, and what a Database and an ObjectStoreAccess need. */
    images: ImageSource;
    /** Where runs, models and versions are kept: the registry gets a database and a user of its own. */
    server: DatabaseServer;
    /** Where artifacts lie: a team's below `<namespace>/mlflow/` in the bucket of artifacts. */
    store: ObjectStore;
    /** Pods of the server; from 2 on a PodDisruptionBudget keeps one running. Default: 1. */
    replicas?: number;
    /** DNS names of the routes that lead to it, with a port where it is not the scheme's own, besides its Service's. Default: none. */
    hosts?: string[];
    /** Namespaces whose pods may connect to it besides the teams': those of the routes. Default: none. */
    callerNamespaces?: string[];
}

/**
 * MLflow as tracking server and model registry: every team's namespace is a workspace, and Kubernetes' access reviews say
 * who may do what in it.
 *
 * @see https://mlflow.org/docs/latest/self-hosting/
 */
export class MlflowRegistry extends pulumi.ComponentResource {
    /** How clients reach it, once it answers. */
    readonly registry: ModelRegistry;

    constructor(name: string, args: MlflowRegistryArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:MlflowRegistry", name, {}, opts);
        const spec = resolveRegistry(args, name);
        const { images, server, store } = args;
        const parent = { parent: this };
        const labels = podSecurityLabels("restricted");
        const metadata = { name: REGISTRY_NAMESPACE, labels };
        const namespace = new k8s.core.v1.Namespace(REGISTRY_NAMESPACE, { metadata }, parent).metadata.name;

        const database = new Database(REGISTRY_SERVICE, { server, images, namespace }, parent).access;
        const objects = new ObjectStoreAccess(
            REGISTRY_SERVICE,
            {
                store,
                images,
                namespace,
                serviceAccountName: REGISTRY_SERVICE,
                // To show artifacts on its pages: clients write, with their own rights.
                permissions: [{ bucket: BucketPurpose.Artifacts, prefix: "*/mlflow/", access: ObjectRight.Read }],
            },
            parent,
        );
        // Before the server: it refuses a schema that is not its own.
        const migration = new OneTimeJob(
            `${REGISTRY_SERVICE}-migration`,
            { ...migrationOf(spec, database), namespace, egress: [databaseEgress(server)] },
            parent,
        );
        const controller = new Controller(
            REGISTRY_SERVICE,
            {
                ...serverOf(spec, database, store, objects),
                namespace,
                callers: callersOf(args.callerNamespaces ?? []),
                egress: [databaseEgress(server), ...objectStoreEgress(store)],
            },
            { ...parent, dependsOn: migration },
        );

        this.registry = {
            trackingUri: pulumi.interpolate`http://${controller.serviceName}.${namespace}.svc:${REGISTRY_PORT}`,
            // Clients send the token of their service account, and their namespace as the workspace.
            trackingAuth: "kubernetes-namespaced",
        };
        this.registerOutputs({ registry: this.registry });
    }
}
