import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { networkPolicyOf } from "./network";
import { ContainerPort, MemoryBudget, MountedVolume, PodArgs, podSpecOf, publishedPorts } from "./pod";

/** The volume that a server's data lies on. */
export interface DataVolume {
    mountPath: string;
    /** Kubernetes quantity, such as `10Gi`. */
    size: string;
    /** Default: the cluster's default class. */
    storageClass?: string;
    /** Keep the volume when the server is deleted. Default: false. */
    retain?: boolean;
}

export interface StatefulServerArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    /** In place of the image's entry point. Default: the image's. */
    command?: string[];
    args?: pulumi.Input<string>[];
    /** What it is, as its pods' label `app.kubernetes.io/component` says. */
    component: string;
    environment?: k8s.types.input.core.v1.EnvVar[];
    ports: ContainerPort[];
    probes: NonNullable<PodArgs["probes"]>;
    data: DataVolume;
    /** More volumes. Default: none. */
    volumes?: MountedVolume[];
    /** Folders that are empty at the start and may be written to. Default: none. */
    scratch?: string[];
    /** Whatever changes these starts a new pod: a checksum of what is read only at the start. Default: none. */
    podAnnotations?: { [annotation: string]: pulumi.Input<string> };
    /** UID and GID of the process, and owner of the data. Default: 65532. */
    user?: number;
    /** Seconds that it may take to end. Default: 60. */
    gracePeriod?: number;
    /** Who may connect to its ports. Default: anybody. */
    callers?: k8s.types.input.networking.v1.NetworkPolicyPeer[];
    /** Where it may connect to besides DNS and the API server. Default: nowhere. */
    egress?: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
    /** CPU request in cores. Default: `100m`. */
    cpu?: string;
    memory: MemoryBudget;
}

/** One server with a volume of its own: a hardened pod with a stable name, a network policy, and a Service in front. */
export class StatefulServer extends pulumi.ComponentResource {
    /** Of the Service, once the server answers. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: StatefulServerArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:StatefulServer", name, {}, opts);
        const parent = { parent: this };
        const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": args.component };
        const metadata = { name, namespace: args.namespace, labels };

        const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
        const policy = networkPolicyOf(labels, args.ports, args.egress, args.callers);
        new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: policy }, parent);
        const set = new k8s.apps.v1.StatefulSet(
            name,
            { metadata, spec: statefulSetOf(name, args, labels, account.metadata.name) },
            { ...parent, customTimeouts: { create: "5m", update: "5m" } },
        );
        // After its pod: whoever uses the Service may trust that somebody answers.
        const service = new k8s.core.v1.Service(
            name,
            {
                metadata,
                spec: {
                    selector: labels,
                    ports: publishedPorts(args.ports),
                },
            },
            { ...parent, dependsOn: set },
        );

        this.serviceName = service.metadata.name;
        this.registerOutputs({ serviceName: this.serviceName });
    }
}

const DATA = "data";

function statefulSetOf(
    name: string,
    args: StatefulServerArgs,
    labels: { [label: string]: string },
    serviceAccountName: pulumi.Input<string>,
): k8s.types.input.apps.v1.StatefulSetSpec {
    const { component, image, command, args: words, environment, ports, probes, scratch, user, data } = args;
    const pod = podSpecOf({
        name: component,
        image,
        ...(command && { command }),
        ...(words && { args: words }),
        ...(environment && { environment }),
        ports,
        probes,
        volumes: args.volumes ?? [],
        ...(scratch && { scratch }),
        serviceAccountName,
        usesApi: false,
        ...(user !== undefined && { user }),
        gracePeriod: args.gracePeriod ?? 60,
        priorityClassName: "system-cluster-critical",
        cpu: args.cpu ?? "100m",
        memory: args.memory,
    });
    const [container, ...others] = pod.containers as k8s.types.input.core.v1.Container[];
    const mounts = container?.volumeMounts as k8s.types.input.core.v1.VolumeMount[];
    const mounted = {
        ...container,
        name: component,
        volumeMounts: [{ name: DATA, mountPath: data.mountPath }, ...mounts],
    };
    return {
        serviceName: name,
        replicas: 1,
        selector: { matchLabels: labels },
        persistentVolumeClaimRetentionPolicy: {
            whenDeleted: data.retain === true ? "Retain" : "Delete",
            whenScaled: "Retain",
        },
        template: {
            metadata: { labels, ...(args.podAnnotations && { annotations: args.podAnnotations }) },
            spec: { ...pod, containers: [mounted, ...others] },
        },
        volumeClaimTemplates: [
            {
                metadata: { name: DATA, labels },
                spec: {
                    accessModes: ["ReadWriteOnce"],
                    ...(data.storageClass !== undefined && { storageClassName: data.storageClass }),
                    resources: { requests: { storage: data.size } },
                },
            },
        ],
    };
}
