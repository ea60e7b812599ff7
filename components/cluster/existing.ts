import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Cluster, GpuPool } from "../contracts";

export interface ExistingClusterArgs {
    /** Identifies the cluster for good, however its kubeconfig changes. */
    clusterName: string;
    /** Contents of a kubeconfig. Stored as a secret. */
    kubeconfig: pulumi.Input<string>;
    /** Context within it. Default: its current context. */
    context?: string;
    /** Minor version that the cluster runs, such as `1.36`. */
    kubernetesVersion: string;
    /** GPU nodes that it has. Default: none. */
    gpuPools?: GpuPool[];
    /** StorageClass for volumes that name none. Default: the cluster's default class. */
    storageClass?: string;
}

/** A cluster that somebody else made: any kubeconfig, the embedded cluster's included. */
export class ExistingCluster extends pulumi.ComponentResource {
    /** Pass it to components in `opts.providers`. */
    readonly provider: k8s.Provider;
    /** What other components need to know. */
    readonly contract: Cluster;

    constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mlp:index:ExistingCluster", name, {}, opts);

        this.provider = new k8s.Provider(
            name,
            {
                kubeconfig: pulumi.secret(args.kubeconfig),
                ...(args.context === undefined ? {} : { context: args.context }),
                clusterIdentifier: args.clusterName,
                // A renewed certificate changes a Secret in place: its readers keep their mounts.
                enableSecretMutable: true,
            },
            { parent: this },
        );
        this.contract = {
            name: args.clusterName,
            kubernetesVersion: args.kubernetesVersion,
            gpuPools: args.gpuPools ?? [],
            ...(args.storageClass === undefined ? {} : { storageClass: args.storageClass }),
        };
        this.registerOutputs({ contract: this.contract });
    }
}
