import { ControllerArgs } from "../kubernetes/controller";
import { leaderElectionRules } from "../kubernetes/operator";
import { Webhook } from "../kubernetes/webhooks";

export const JOBSET_NAMESPACE = "jobset-system";
export const JOBSET_SERVICE = "jobset";

const WEBHOOK_PORT = 9443;
const CERTIFICATE_PATH = "/tmp/k8s-webhook-server/serving-certs";

/** Upstream's rights, less the webhook configurations and Secrets: their certificates are ours. */
export const jobsetRules: NonNullable<ControllerArgs["clusterRules"]> = [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["create", "get", "list", "watch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["delete", "get", "list", "patch", "update", "watch"] },
    {
        apiGroups: [""],
        resources: ["services"],
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update", "watch"] },
    {
        apiGroups: ["batch"],
        resources: ["jobs"],
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    { apiGroups: ["batch"], resources: ["jobs/status"], verbs: ["get", "patch", "update"] },
    {
        apiGroups: ["jobset.x-k8s.io"],
        resources: ["jobsets"],
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets/finalizers"], verbs: ["update"] },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets/status"], verbs: ["get", "patch", "update"] },
    // Its metrics are served only to those whom the API server knows and lets.
    { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

/** JobSet's configuration and place. @see https://jobset.sigs.k8s.io/docs/reference/jobset-config.v1alpha1/ */
export const jobsetController = {
    args: ["--config=/etc/jobset/config.yaml", "--zap-devel=false"],
    ports: [
        { name: "webhook", port: WEBHOOK_PORT, servicePort: 443 },
        { name: "metrics", port: 8443, servicePort: 8443 },
        { name: "health", port: 8081 },
    ],
    health: { port: "health" },
    clusterRules: jobsetRules,
    namespaceRules: leaderElectionRules,
    certificatePath: CERTIFICATE_PATH,
    configuration: JSON.stringify({
        apiVersion: "config.jobset.x-k8s.io/v1alpha1",
        kind: "Configuration",
        leaderElection: { leaderElect: true },
        internalCertManagement: { enable: false },
        webhook: { port: WEBHOOK_PORT },
        metrics: { bindAddress: ":8443", certDir: CERTIFICATE_PATH },
        health: { healthProbeBindAddress: ":8081" },
        clientConnection: { qps: 500, burst: 500 },
    }),
} satisfies Partial<ControllerArgs>;

const jobsets = { apiGroup: "jobset.x-k8s.io", apiVersion: "v1alpha2", resource: "jobsets" };

/** Only pods of JobSets: an unreachable controller must not stop the rest of the cluster. */
const pods: Omit<Webhook, "name" | "path"> = {
    apiGroup: "",
    apiVersion: "v1",
    resource: "pods",
    operations: ["CREATE"],
    objectSelector: { matchExpressions: [{ key: "jobset.sigs.k8s.io/jobset-name", operator: "Exists" }] },
};

export const jobsetMutating: readonly Webhook[] = [
    { ...jobsets, name: "mjobset.kb.io", path: "/mutate-jobset-x-k8s-io-v1alpha2-jobset", operations: ["CREATE"] },
    { ...pods, name: "mpod.kb.io", path: "/mutate--v1-pod" },
];

export const jobsetValidating: readonly Webhook[] = [
    {
        ...jobsets,
        name: "vjobset.kb.io",
        path: "/validate-jobset-x-k8s-io-v1alpha2-jobset",
        operations: ["CREATE", "UPDATE"],
    },
    { ...pods, name: "vpod.kb.io", path: "/validate--v1-pod" },
];
