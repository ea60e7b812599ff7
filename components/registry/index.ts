import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, ImageSource, ModelRegistry, ObjectStore } from "../contracts";
import { podSecurityLabels } from "../kubernetes/hardening";
import { REGISTRY_NAMESPACE, REGISTRY_PORT, REGISTRY_SERVICE, resolveRegistry } from "./resolve";

export { REGISTRY_NAMESPACE, resolveRegistry } from "./resolve";
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
    /** DNS names of the routes that lead to it, besides its Service's own; with a port where it is not the scheme's. Default: none. */
    hosts?: string[];
}

/**
 * MLflow as tracking server and model registry: every team's namespace is a workspace, and Kubernetes' access reviews say
 * who may do what in it.
 *
 * @see https://mlflow.org/docs/latest/self-hosting/
 */
export class MlflowRegistry extends pulumi.ComponentResource {
    /** How clients reach it. */
    readonly registry: ModelRegistry;

    constructor(name: string, args: MlflowRegistryArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:MlflowRegistry", name, {}, opts);
        resolveRegistry(args, name);
        const parent = { parent: this };
        const namespace = new k8s.core.v1.Namespace(
            REGISTRY_NAMESPACE,
            { metadata: { name: REGISTRY_NAMESPACE, labels: podSecurityLabels("restricted") } },
            parent,
        );
        const trackingUri = pulumi.interpolate`http://${REGISTRY_SERVICE}.${namespace.metadata.name}.svc:${REGISTRY_PORT}`;
        this.registry = { trackingUri, trackingAuth: "kubernetes-namespaced" };
        this.registerOutputs({ registry: this.registry });
    }
}
