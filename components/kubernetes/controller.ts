import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { networkPolicyOf } from "./network";
import { ContainerPort, HealthCheck, MemoryBudget, MountedVolume, podSpecOf, probesOf, publishedPorts } from "./pod";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

export interface ControllerArgs {
    /** Namespace that already exists. */
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    /** In place of the image's entry point. Default: the image's. */
    command?: string[];
    /** Arguments of the entry point. */
    args: pulumi.Input<string>[];
    /** What it is, as its pods' label `app.kubernetes.io/component` says. Default: `controller`. */
    component?: string;
    /** Pods of the Deployment; from 2 on a PodDisruptionBudget keeps one running. Default: 1. */
    replicas?: number;
    /** Only one pod at any time: the old one ends before the new one starts. Default: false. */
    single?: boolean;
    ports: ContainerPort[];
    health: HealthCheck;
    /** What it may do in every namespace. Default: nothing. */
    clusterRules?: PolicyRule[];
    /** What it may do in its own namespace, on top. Default: nothing. */
    namespaceRules?: PolicyRule[];
    /** Whether it gets its account's token. Default: where it has rules. */
    usesApi?: boolean;
    /** The controller's configuration file, mounted at `/etc/<name>/config.yaml`. Default: none. */
    configuration?: pulumi.Input<string>;
    /** Secret of type `kubernetes.io/tls` mounted at `certificatePath`. Default: none. */
    certificateSecret?: pulumi.Input<string>;
    /** Absolute path of the certificate's directory. */
    certificatePath?: string;
    /** Environment of the container. Default: none. */
    environment?: k8s.types.input.core.v1.EnvVar[];
    /** More volumes. Default: none. */
    volumes?: MountedVolume[];
    /** Folders that are empty at the start and may be written to. Default: none. */
    scratch?: string[];
    /** Whatever changes these starts new pods: a checksum of what is read only at the start. Default: none. */
    podAnnotations?: { [annotation: string]: pulumi.Input<string> };
    /** UID and GID of the process. Default: 65532. */
    user?: number;
    /** Nodes that it must run on. Default: any. */
    nodeAffinity?: k8s.types.input.core.v1.NodeAffinity;
    /** Who may connect to its ports. Default: anybody. */
    callers?: k8s.types.input.networking.v1.NetworkPolicyPeer[];
    /** Where it may connect to besides DNS and the API server. Default: nowhere. */
    egress?: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
    /** CPU request in cores. Default: `50m`. There is no CPU limit: throttled webhooks block the API server. */
    cpu?: string;
    /** Memory request and limit. Default: `128Mi`, limit `512Mi`. */
    memory?: MemoryBudget;
}

/**
 * One controller or server with what every one of them gets: own identity with least rights, hardened pod, probes, requests and
 * limits, priority, disruption budget, network policy, and a Service where it serves something.
 */
export class Controller extends pulumi.ComponentResource {
    /** Name of the Service in front of it. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: ControllerArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Controller", name, {}, opts);
        const parent = { parent: this };
        const labels = {
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/component": args.component ?? "controller",
        };
        const metadata = { name, namespace: args.namespace, labels };

        const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
        const rights = this.bind(name, args, account, metadata);
        const files = this.files(name, args, labels);
        const policy = networkPolicyOf(labels, args.ports, args.egress, args.callers);
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
                    ports: publishedPorts(args.ports),
                },
            },
            { ...parent, dependsOn: deployment },
        );

        this.serviceName = service.metadata.name;
        this.registerOutputs({ serviceName: this.serviceName });
    }

    private files(name: string, args: ControllerArgs, labels: { [label: string]: string }): MountedVolume[] {
        const files: MountedVolume[] = [];
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
        { clusterRules = [], namespaceRules = [], namespace }: ControllerArgs,
        account: k8s.core.v1.ServiceAccount,
        metadata: k8s.types.input.meta.v1.ObjectMeta,
    ): pulumi.Resource[] {
        const { ClusterRole, ClusterRoleBinding, Role, RoleBinding } = k8s.rbac.v1;
        const parent = { parent: this };
        const apiGroup = "rbac.authorization.k8s.io";
        const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
        const bindings: pulumi.Resource[] = [];
        if (clusterRules.length > 0) {
            const role = new ClusterRole(name, { metadata: { name }, rules: clusterRules }, parent);
            const roleRef = { apiGroup, kind: "ClusterRole", name: role.metadata.name };
            bindings.push(new ClusterRoleBinding(name, { metadata: { name }, roleRef, subjects }, parent));
        }
        if (namespaceRules.length > 0) {
            const role = new Role(name, { metadata, rules: namespaceRules }, parent);
            const roleRef = { apiGroup, kind: "Role", name: role.metadata.name };
            bindings.push(new RoleBinding(name, { metadata, roleRef, subjects }, parent));
        }
        return bindings;
    }
}

function needsApi({ clusterRules = [], namespaceRules = [], usesApi }: ControllerArgs): boolean {
    return usesApi ?? clusterRules.length + namespaceRules.length > 0;
}

/** The type is said as well: what was `Recreate` with one pod would stay so. */
const ROLLING_UPDATE = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

function deploymentOf(
    args: ControllerArgs,
    labels: { [label: string]: string },
    serviceAccountName: pulumi.Input<string>,
    files: MountedVolume[],
): k8s.types.input.apps.v1.DeploymentSpec {
    const { component, image, command, environment, ports, scratch, user, nodeAffinity } = args;
    const pod = podSpecOf({
        name: component ?? "manager",
        image,
        ...(command && { command }),
        args: args.args,
        ...(environment && { environment }),
        ports,
        probes: probesOf(args.health),
        volumes: [...files, ...(args.volumes ?? [])],
        ...(scratch && { scratch }),
        serviceAccountName,
        usesApi: needsApi(args),
        ...(user !== undefined && { user }),
        priorityClassName: "system-cluster-critical",
        ...(nodeAffinity && { nodeAffinity }),
        cpu: args.cpu ?? "50m",
        memory: args.memory ?? { request: "128Mi", limit: "512Mi" },
    });
    return {
        replicas: args.replicas ?? 1,
        selector: { matchLabels: labels },
        // Never fewer than wanted while a new version starts: its webhooks stand in front of every request.
        strategy: args.single === true ? { type: "Recreate" } : ROLLING_UPDATE,
        template: {
            metadata: { labels, ...(args.podAnnotations && { annotations: args.podAnnotations }) },
            spec: {
                ...pod,
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "ScheduleAnyway",
                        labelSelector: { matchLabels: labels },
                    },
                ],
            },
        },
    };
}
