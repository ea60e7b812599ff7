import * as pulumi from "@pulumi/pulumi";

import { ControllerArgs } from "../kubernetes/controller";

export const KARPENTER = "karpenter";

/** The API server serves kube-system's service accounts before others: when nodes lack, Karpenter comes first. */
export const KARPENTER_NAMESPACE = "kube-system";

const METRICS_PORT = 8080;
const HEALTH_PORT = 8081;

/** Upstream's rights, less those of the gates that are off. */
const clusterRules: NonNullable<ControllerArgs["clusterRules"]> = [
    {
        apiGroups: ["karpenter.sh"],
        resources: ["nodepools", "nodepools/status"],
        verbs: ["get", "list", "watch", "update", "patch"],
    },
    {
        apiGroups: ["karpenter.sh"],
        resources: ["nodeclaims", "nodeclaims/status"],
        verbs: ["get", "list", "watch", "create", "delete", "update", "patch"],
    },
    {
        apiGroups: ["karpenter.k8s.aws"],
        resources: ["ec2nodeclasses", "ec2nodeclasses/status"],
        verbs: ["get", "list", "watch", "update", "patch"],
    },
    {
        apiGroups: [""],
        resources: ["persistentvolumes", "persistentvolumeclaims", "replicationcontrollers", "namespaces"],
        verbs: ["get", "list", "watch"],
    },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "patch", "delete", "update"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch", "create", "patch"] },
    {
        apiGroups: ["storage.k8s.io"],
        resources: ["storageclasses", "csinodes", "volumeattachments"],
        verbs: ["get", "list", "watch"],
    },
    {
        apiGroups: ["apps"],
        resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
        verbs: ["get", "list", "watch"],
    },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["get", "list", "watch"] },
];

const namespaceRules: NonNullable<ControllerArgs["namespaceRules"]> = [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create", "get", "watch"] },
    {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["karpenter-leader-election"],
        verbs: ["patch", "update"],
    },
    // Nodes are told the address of the cluster's DNS.
    { apiGroups: [""], resources: ["services"], resourceNames: ["kube-dns"], verbs: ["get"] },
];

/** What the controller is told of its cluster. */
export interface ControllerSettings {
    readonly clusterName: string;
    readonly region: string;
    readonly endpoint: pulumi.Input<string>;
    readonly queueName: pulumi.Input<string>;
    readonly isolated: boolean;
}

/** @see https://karpenter.sh/docs/reference/settings/ */
function environmentOf(settings: ControllerSettings): NonNullable<ControllerArgs["environment"]> {
    const own = (resource: string, divisor: string) => ({
        resourceFieldRef: { containerName: "manager", resource, divisor },
    });
    return [
        { name: "SYSTEM_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
        { name: "KARPENTER_SERVICE", value: KARPENTER },
        { name: "CPU_REQUESTS", valueFrom: own("requests.cpu", "1m") },
        { name: "MEMORY_LIMIT", valueFrom: own("limits.memory", "1") },
        { name: "METRICS_PORT", value: `${METRICS_PORT}` },
        { name: "HEALTH_PROBE_PORT", value: `${HEALTH_PORT}` },
        // Else it asks the metadata service, which does not answer pods.
        { name: "AWS_REGION", value: settings.region },
        { name: "CLUSTER_NAME", value: settings.clusterName },
        { name: "CLUSTER_ENDPOINT", value: settings.endpoint },
        { name: "EKS_CONTROL_PLANE", value: "true" },
        { name: "INTERRUPTION_QUEUE", value: settings.queueName },
        { name: "ISOLATED_VPC", value: `${settings.isolated}` },
        // Pods have interfaces of their own, in their own subnets: the nodes' first takes none.
        { name: "RESERVED_ENIS", value: "1" },
        { name: "FEATURE_GATES", value: gates() },
    ];
}

/** Every gate by name, so that an update of Karpenter switches nothing on. */
const FEATURE_GATES: Readonly<Record<string, boolean>> = {
    CapacityBuffer: false,
    NodeOverlay: false,
    // A GPU node that the monitoring agent finds broken is replaced.
    NodeRepair: true,
    ReservedCapacity: true,
    SpotToSpotConsolidation: false,
    StaticCapacity: false,
};

function gates(): string {
    return Object.entries(FEATURE_GATES)
        .map(([gate, on]) => `${gate}=${on}`)
        .join(",");
}

/** Where EKS's agent gives pods their credentials, on every node. */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };

/** Karpenter's place and configuration. It has no webhooks, hence no certificate. */
export function karpenterController(settings: ControllerSettings): Omit<ControllerArgs, "image" | "replicas"> {
    return {
        namespace: KARPENTER_NAMESPACE,
        args: [],
        ports: [
            { name: "metrics", port: METRICS_PORT, servicePort: METRICS_PORT },
            { name: "health", port: HEALTH_PORT },
        ],
        health: { port: "health" },
        clusterRules,
        namespaceRules,
        environment: environmentOf(settings),
        // Never on a node that it could take away.
        nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: "karpenter.sh/nodepool", operator: "DoesNotExist" }] }],
            },
        },
        egress: [
            {
                to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT.cidr } }],
                ports: [{ port: POD_IDENTITY_AGENT.port, protocol: "TCP" }],
            },
        ],
        cpu: "250m",
        memory: { request: "512Mi", limit: "1Gi" },
    };
}
