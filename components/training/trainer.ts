import { ControllerArgs } from "../kubernetes/controller";
import { leaderElectionRules } from "../kubernetes/operator";
import { Webhook } from "../kubernetes/webhooks";

export const TRAINER_NAMESPACE = "kubeflow-system";
export const TRAINER_SERVICE = "kubeflow-trainer";

const WEBHOOK_PORT = 9443;

/** Upstream's rights, less the webhook configurations: their certificates are ours. */
const trainerRules: NonNullable<ControllerArgs["clusterRules"]> = [
    {
        apiGroups: [""],
        resources: ["configmaps", "secrets"],
        verbs: ["create", "get", "list", "patch", "update", "watch"],
    },
    { apiGroups: [""], resources: ["limitranges"], verbs: ["get", "list", "watch"] },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update", "watch"] },
    {
        apiGroups: ["jobset.x-k8s.io"],
        resources: ["jobsets"],
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    { apiGroups: ["node.k8s.io"], resources: ["runtimeclasses"], verbs: ["get", "list", "watch"] },
    {
        apiGroups: ["scheduling.volcano.sh", "scheduling.x-k8s.io"],
        resources: ["podgroups"],
        verbs: ["create", "get", "list", "patch", "update", "watch"],
    },
    {
        apiGroups: ["trainer.kubeflow.org"],
        resources: ["clustertrainingruntimes", "trainingruntimes", "trainjobs"],
        verbs: ["get", "list", "patch", "update", "watch"],
    },
    {
        apiGroups: ["trainer.kubeflow.org"],
        resources: [
            "clustertrainingruntimes/finalizers",
            "trainingruntimes/finalizers",
            "trainjobs/finalizers",
            "trainjobs/status",
        ],
        verbs: ["get", "patch", "update"],
    },
];

/** Trainer's configuration and place. Its certificate directory has no setting: it is controller-runtime's default. */
export const trainerController = {
    args: ["--config=/etc/kubeflow-trainer/config.yaml"],
    ports: [
        { name: "webhook", port: WEBHOOK_PORT, servicePort: 443 },
        { name: "metrics", port: 8443, servicePort: 8443 },
        { name: "health", port: 8081 },
    ],
    health: { port: "health" },
    clusterRules: trainerRules,
    namespaceRules: leaderElectionRules,
    certificatePath: "/tmp/k8s-webhook-server/serving-certs",
    configuration: JSON.stringify({
        apiVersion: "config.trainer.kubeflow.org/v1alpha1",
        kind: "Configuration",
        health: {
            healthProbeBindAddress: ":8081",
            readinessEndpointName: "readyz",
            livenessEndpointName: "healthz",
        },
        metrics: { bindAddress: ":8443", secureServing: true },
        webhook: { port: WEBHOOK_PORT },
        // Trainer fills in no defaults of its own for these.
        leaderElection: {
            leaderElect: true,
            resourceName: "trainer.kubeflow.org",
            leaseDuration: "15s",
            renewDeadline: "10s",
            retryPeriod: "2s",
        },
        certManagement: { enable: false },
        clientConnection: { qps: 50, burst: 100 },
    }),
} satisfies Partial<ControllerArgs>;

const API = { apiGroup: "trainer.kubeflow.org", apiVersion: "v1alpha1" };
const WRITES: Webhook["operations"] = ["CREATE", "UPDATE"];

export const trainerMutating: readonly Webhook[] = [
    {
        ...API,
        name: "defaulter.trainjob.trainer.kubeflow.org",
        path: "/mutate-trainer-kubeflow-org-v1alpha1-trainjob",
        resource: "trainjobs",
        operations: WRITES,
    },
];

export const trainerValidating: readonly Webhook[] = ["clustertrainingruntime", "trainingruntime", "trainjob"].map(
    (kind) => ({
        ...API,
        name: `validator.${kind}.trainer.kubeflow.org`,
        path: `/validate-trainer-kubeflow-org-v1alpha1-${kind}`,
        resource: `${kind}s`,
        operations: WRITES,
    }),
);
