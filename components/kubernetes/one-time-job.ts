import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { networkPolicyOf } from "./network";
import { MemoryBudget, MountedVolume, podSpecOf } from "./pod";

export interface OneTimeJobArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    command: string[];
    args?: pulumi.Input<string>[];
    /** What it does, as its pods' label `app.kubernetes.io/component` says. */
    component: string;
    environment?: k8s.types.input.core.v1.EnvVar[];
    /** Default: none. */
    volumes?: MountedVolume[];
    /** Folders that are empty at the start and may be written to. Default: none. */
    scratch?: string[];
    /** Whatever changes these runs it again: versions and checksums of what it reads. Default: none. */
    podAnnotations?: { [annotation: string]: pulumi.Input<string> };
    /** UID and GID of the process. Default: 65532. */
    user?: number;
    /** Where it may connect to besides DNS and the API server. Default: nowhere. */
    egress?: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
    /** Tries after the first, each a longer pause after the one before: 10 s, 20 s, … Default: 1. */
    retries?: number;
    /** Seconds after which the update waits no longer, all tries together. Default: 240. */
    deadlineSeconds?: number;
    /** Default: `128Mi`, limit `512Mi`. */
    memory?: MemoryBudget;
}

/** Seconds for which a Job outlives the wait for it: at its own end Kubernetes removes the pod that would say why. */
const GRACE = 60;

/**
 * Work that is done once and again only when what it depends on changes: a schema's migration, a user in a database.
 *
 * It must be idempotent: it may be tried again, and a changed one runs beside what the former has left. The update waits
 * for its end, and tells what its pod said where it fails. The next update makes anew one that did not complete.
 */
export class OneTimeJob extends pulumi.ComponentResource {
    /** Name of the Job, once it has succeeded. */
    readonly jobName: pulumi.Output<string>;

    constructor(name: string, args: OneTimeJobArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:OneTimeJob", name, {}, opts);
        const parent = { parent: this };
        const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": args.component };
        const metadata = { name, namespace: args.namespace, labels };
        const deadline = args.deadlineSeconds ?? 240;

        const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
        const policy = new k8s.networking.v1.NetworkPolicy(
            name,
            { metadata, spec: networkPolicyOf(labels, [], args.egress) },
            parent,
        );
        const { component, image, command, args: words, environment, volumes, scratch, user } = args;
        const pod = podSpecOf({
            name: component,
            image,
            command,
            ...(words && { args: words }),
            ...(environment && { environment }),
            ...(volumes && { volumes }),
            ...(scratch && { scratch }),
            serviceAccountName: account.metadata.name,
            usesApi: false,
            ...(user !== undefined && { user }),
            cpu: "50m",
            memory: args.memory ?? { request: "128Mi", limit: "512Mi" },
        });
        const job = new k8s.batch.v1.Job(
            name,
            {
                // Named by Pulumi: a changed one is made before its predecessor goes.
                metadata: {
                    namespace: args.namespace,
                    labels,
                    // A Job that failed stays so, whatever is mended: only another one tries again.
                    annotations: { "pulumi.com/replaceUnready": "true" },
                },
                spec: {
                    backoffLimit: args.retries ?? 1,
                    activeDeadlineSeconds: deadline + GRACE,
                    template: {
                        metadata: { labels, ...(args.podAnnotations && { annotations: args.podAnnotations }) },
                        spec: { ...pod, restartPolicy: "Never" },
                    },
                },
            },
            {
                ...parent,
                dependsOn: policy,
                customTimeouts: { create: `${deadline}s`, update: `${deadline}s` },
            },
        );

        this.jobName = job.metadata.name;
        this.registerOutputs({ jobName: this.jobName });
    }
}
