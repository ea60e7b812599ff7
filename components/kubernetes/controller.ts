import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { containerSecurity, podSecurity } from "./hardening";
import { networkPolicyOf } from "./network";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

/** A port on which a controller listens. */
export interface ControllerPort {
    name: string;
    port: number;
    /** Port of the Service in front of it. Left out: not published. */
    servicePort?: number;
}

/** Memory of a container, as Kubernetes quantities. */
export interface MemoryBudget {
    request: string;
    limit: string;
}

export interface ControllerArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    /** Arguments of the image's entry point. */
    args: string[];
    /** Pods of the Deployment; from 2 on a PodDisruptionBudget keeps one running. Default: 1. */
    replicas?: number;
    ports: ControllerPort[];
    /** Name of the port that answers `/healthz` and `/readyz` over HTTP. */
    healthPort: string;
    /** What the controller may do in every namespace. */
    clusterRules: PolicyRule[];
    /** What it may do in its own namespace, on top. */
    namespaceRules: PolicyRule[];
    /** The controller's configuration file, mounted at `/etc/<name>/config.yaml`. Default: none. */
    configuration?: pulumi.Input<string>;
    /** Secret of type `kubernetes.io/tls` mounted at `certificatePath`. Default: none. */
    certificateSecret?: pulumi.Input<string>;
    /** Absolute path of the certificate's directory. */
    certificatePath?: string;
    /** Environment of the container. Default: none. */
    environment?: k8s.types.input.core.v1.EnvVar[];
    /** Nodes that it must run on. Default: any. */
    nodeAffinity?: k8s.types.input.core.v1.NodeAffinity;
    /** Where it may connect to besides DNS and the API server. Default: nowhere. */
    egress?: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
    /** CPU request in cores. Default: `50m`. There is no CPU limit: throttled webhooks block the API server. */
    cpu?: string;
    /** Memory request and limit. Default: `128Mi`, limit `512Mi`. */
    memory?: MemoryBudget;
}

/**
 * One controller with what every one of them gets: own identity with least rights, hardened pod, probes, requests and
 * limits, priority, disruption budget, network policy, and a Service where it serves something.
 */
export class Controller extends pulumi.ComponentResource {
    /** Name of the Service in front of it. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: ControllerArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Controller", name, {}, opts);
        const parent = { parent: this };
        const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "controller" };
        const metadata = { name, namespace: args.namespace, labels };

        const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
        const rights = this.bind(name, args, account, metadata);
        const files = this.files(name, args, labels);
        const policy = networkPolicyOf(labels, args.ports, args.egress);
        new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: policy }, parent);
        if ((args.replicas ?? 1) > 1) {
            new k8s.policy.v1.PodDisruptionBudget(
                name,
                { metadata, spec: { minAvailable: 1, selector: { matchLabels: labels } } },
                parent,
            );
        }
        const deployment = new k8s.apps.v1.Deployment(
            name,
            { metadata, spec: deploymentOf(args, labels, account.metadata.name, files) },
            // A controller starts in seconds: who waits longer wants to know why.
            { ...parent, dependsOn: rights, customTimeouts: { create: "4m", update: "4m" } },
        );
        // After its pods: whoever uses the Service may trust that somebody answers.
        const service = new k8s.core.v1.Service(
            name,
            {
                metadata,
                spec: {
                    selector: labels,
                    ports: args.ports.flatMap(({ name: port, servicePort }) =>
                        servicePort === undefined ? [] : [{ name: port, port: servicePort, targetPort: port }],
                    ),
                },
            },
            { ...parent, dependsOn: deployment },
        );

        this.serviceName = service.metadata.name;
        this.registerOutputs({ serviceName: this.serviceName });
    }

    private files(name: string, args: ControllerArgs, labels: { [label: string]: string }): MountedFiles[] {
        const files: MountedFiles[] = [];
        if (args.configuration !== undefined) {
            const configuration = new k8s.core.v1.ConfigMap(
                name,
                { metadata: { namespace: args.namespace, labels }, data: { "config.yaml": args.configuration } },
                { parent: this },
            );
            const volume = { name: "configuration", configMap: { name: configuration.metadata.name } };
            files.push({ volume, mountPath: `/etc/${name}` });
        }
        if (args.certificateSecret !== undefined && args.certificatePath !== undefined) {
            const volume = { name: "certificate", secret: { secretName: args.certificateSecret, defaultMode: 0o440 } };
            files.push({ volume, mountPath: args.certificatePath });
        }
        return files;
    }

    private bind(
        name: string,
        { clusterRules, namespaceRules, namespace }: ControllerArgs,
        account: k8s.core.v1.ServiceAccount,
        metadata: k8s.types.input.meta.v1.ObjectMeta,
    ): pulumi.Resource[] {
        const parent = { parent: this };
        const apiGroup = "rbac.authorization.k8s.io";
        const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];

        const clusterRole = new k8s.rbac.v1.ClusterRole(name, { metadata: { name }, rules: clusterRules }, parent);
        const role = new k8s.rbac.v1.Role(name, { metadata, rules: namespaceRules }, parent);
        return [
            new k8s.rbac.v1.ClusterRoleBinding(
                name,
                {
                    metadata: { name },
                    roleRef: { apiGroup, kind: "ClusterRole", name: clusterRole.metadata.name },
                    subjects,
                },
                parent,
            ),
            new k8s.rbac.v1.RoleBinding(
                name,
                { metadata, roleRef: { apiGroup, kind: "Role", name: role.metadata.name }, subjects },
                parent,
            ),
        ];
    }
}

interface MountedFiles {
    readonly volume: k8s.types.input.core.v1.Volume & { readonly name: string };
    readonly mountPath: string;
}

function deploymentOf(
    args: ControllerArgs,
    labels: { [label: string]: string },
    serviceAccountName: pulumi.Input<string>,
    files: readonly MountedFiles[],
): k8s.types.input.apps.v1.DeploymentSpec {
    const memory = args.memory ?? { request: "128Mi", limit: "512Mi" };
    const probe = (path: string) => ({ httpGet: { path, port: args.healthPort }, timeoutSeconds: 3 });
    return {
        replicas: args.replicas ?? 1,
        selector: { matchLabels: labels },
        // Never fewer than wanted while a new version starts: its webhooks stand in front of every request.
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
            metadata: { labels },
            spec: {
                serviceAccountName,
                automountServiceAccountToken: true,
                priorityClassName: "system-cluster-critical",
                securityContext: podSecurity(),
                ...(args.nodeAffinity && { affinity: { nodeAffinity: args.nodeAffinity } }),
                terminationGracePeriodSeconds: 10,
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "ScheduleAnyway",
                        labelSelector: { matchLabels: labels },
                    },
                ],
                containers: [
                    {
                        name: "manager",
                        image: args.image,
                        imagePullPolicy: "IfNotPresent",
                        args: args.args,
                        ...(args.environment && { env: args.environment }),
                        ports: args.ports.map(({ name: port, port: containerPort }) => ({
                            name: port,
                            containerPort,
                            protocol: "TCP",
                        })),
                        securityContext: containerSecurity(),
                        resources: {
                            requests: { cpu: args.cpu ?? "50m", memory: memory.request },
                            limits: { memory: memory.limit },
                        },
                        // A slow start is the start-up probe's business; after it a hang is noticed within 30 s.
                        startupProbe: { ...probe("/healthz"), periodSeconds: 1, failureThreshold: 60 },
                        livenessProbe: { ...probe("/healthz"), periodSeconds: 10, failureThreshold: 3 },
                        readinessProbe: { ...probe("/readyz"), periodSeconds: 2 },
                        volumeMounts: files.map(({ volume, mountPath }) => ({
                            name: volume.name,
                            mountPath,
                            readOnly: true,
                        })),
                    },
                ],
                volumes: files.map(({ volume }) => volume),
            },
        },
    };
}
