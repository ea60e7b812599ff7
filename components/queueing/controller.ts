import { TEAM_LABEL } from "../contracts";
import { ControllerArgs } from "../kubernetes/controller";
import { leaderElectionRules } from "../kubernetes/operator";
import { Webhook } from "../kubernetes/webhooks";
import { QueueingSpec } from "./resolve";
import { kueueRules } from "./rights";

export const QUEUEING_NAMESPACE = "mlp-queueing";
/** Not `kueue`: its configuration would lie above the folder where its metrics' certificate must be. */
export const KUEUE_SERVICE = "kueue-controller-manager";
/** Kueue knows no other place. */
export const METRICS_CERTIFICATE_PATH = "/etc/kueue/metrics/certs";

const WEBHOOK_PORT = 9443;
const CERTIFICATE_PATH = "/tmp/k8s-webhook-server/serving-certs";
const TEAMS = { matchExpressions: [{ key: TEAM_LABEL, operator: "Exists" }] };

/** Of several answers the first that is one of ours wins: Argo's pods and notebooks are pods that nobody else manages. */
const FRAMEWORKS = ["batch/job", "jobset.x-k8s.io/jobset", "trainer.kubeflow.org/trainjob", "pod"];

/** Kueue's configuration and place. @see https://kueue.sigs.k8s.io/docs/reference/kueue-config.v1beta2/ */
export function kueueController({ podsReadyMinutes, keepHours }: QueueingSpec) {
    return {
        args: [`--config=/etc/${KUEUE_SERVICE}/config.yaml`, "--zap-log-level=1"],
        ports: [
            { name: "webhook", port: WEBHOOK_PORT, servicePort: 443 },
            { name: "metrics", port: 8443, servicePort: 8443 },
            { name: "health", port: 8081 },
        ],
        health: { port: "health" },
        clusterRules: kueueRules,
        namespaceRules: leaderElectionRules,
        certificatePath: CERTIFICATE_PATH,
        configuration: JSON.stringify({
            apiVersion: "config.kueue.x-k8s.io/v1beta2",
            kind: "Configuration",
            namespace: QUEUEING_NAMESPACE,
            leaderElection: { leaderElect: true, resourceName: "c1f6bfd2.kueue.x-k8s.io" },
            internalCertManagement: { enable: false },
            webhook: { port: WEBHOOK_PORT, certDir: CERTIFICATE_PATH },
            metrics: { bindAddress: ":8443", enableClusterQueueResources: true },
            health: { healthProbeBindAddress: ":8081" },
            clientConnection: { qps: 50, burst: 100 },
            integrations: { frameworks: FRAMEWORKS },
            manageJobsWithoutQueueName: false,
            managedJobsNamespaceSelector: TEAMS,
            waitForPodsReady: readiness(podsReadyMinutes),
            objectRetentionPolicies: { workloads: { afterFinished: `${keepHours}h` } },
            resources: { excludeResourcePrefixes: UNCOUNTED },
            featureGates: SWITCHED_OFF,
        }),
    } satisfies Partial<ControllerArgs>;
}

/** A gang whose pods are not all ready by then gives everything back and waits again, each time for longer. */
function readiness(minutes: number): object {
    return {
        timeout: `${minutes}m`,
        recoveryTimeout: `${minutes}m`,
        blockAdmission: false,
        requeuingStrategy: { timestamp: "Eviction", backoffBaseSeconds: 60, backoffMaxSeconds: 3600 },
    };
}

/** What no team has a share of, and would keep whoever asks for it waiting for ever. */
const UNCOUNTED = ["ephemeral-storage", "hugepages-", "vpc.amazonaws.com/"];

/** What would need the Secrets of other clusters, and an API server of its own behind Kubernetes'. */
const SWITCHED_OFF = { MultiKueue: false, VisibilityOnDemand: false };

type Kind = Pick<Webhook, "apiGroup" | "apiVersion" | "resource" | "namespaceSelector">;

/** A controller that does not answer stops teams, not the rest of the cluster. */
const jobs: readonly Kind[] = [
    { apiGroup: "batch", apiVersion: "v1", resource: "jobs", namespaceSelector: TEAMS },
    { apiGroup: "jobset.x-k8s.io", apiVersion: "v1alpha2", resource: "jobsets", namespaceSelector: TEAMS },
    { apiGroup: "trainer.kubeflow.org", apiVersion: "v1alpha1", resource: "trainjobs", namespaceSelector: TEAMS },
    { apiGroup: "", apiVersion: "v1", resource: "pods", namespaceSelector: TEAMS },
];
const own = (resource: string): Kind => ({ apiGroup: "kueue.x-k8s.io", apiVersion: "v1beta2", resource });

export const kueueMutating: readonly Webhook[] = [
    ...jobs,
    ...["clusterqueues", "resourceflavors", "workloads"].map(own),
].map((kind) => ({
    ...kind,
    name: `m${singular(kind.resource)}.kb.io`,
    path: pathOf("mutate", kind),
    operations: ["CREATE"],
}));

export const kueueValidating: readonly Webhook[] = [
    ...jobs,
    ...["clusterqueues", "cohorts", "resourceflavors", "workloads"].map(own),
].flatMap((kind) => {
    const webhook: Webhook = {
        ...kind,
        name: `v${singular(kind.resource)}.kb.io`,
        path: pathOf("validate", kind),
        operations: ["CREATE", "UPDATE"],
    };
    if (kind.resource !== "workloads") return [webhook];
    return [webhook, { ...webhook, name: "vworkloadstatus.kb.io", resource: "workloads/status" }];
});

function singular(plural: string): string {
    return plural.replace(/s$/, "");
}

/** As controller-runtime makes it of a kind. */
function pathOf(verb: string, { apiGroup, apiVersion, resource }: Kind): string {
    return `/${verb}-${apiGroup.replaceAll(".", "-")}-${apiVersion}-${singular(resource)}`;
}
