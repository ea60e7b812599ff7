import { ControllerArgs } from "../kubernetes/controller";

const READ = ["get", "list", "watch"];
const KUEUE = "kueue.x-k8s.io";

/**
 * Upstream's rights, less those for kinds of jobs that the platform does not have, for other clusters, for autoscalers'
 * provisioning requests, and for webhook configurations and Secrets: its certificates are ours.
 */
export const kueueRules: NonNullable<ControllerArgs["clusterRules"]> = [
    { apiGroups: [""], resources: ["limitranges", "namespaces", "nodes"], verbs: READ },
    { apiGroups: [""], resources: ["pods"], verbs: [...READ, "delete", "patch", "update"] },
    { apiGroups: [""], resources: ["pods/finalizers"], verbs: ["get", "update"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["get", "patch"] },
    { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets"], verbs: READ },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: [...READ, "delete", "patch", "update"] },
    { apiGroups: ["batch"], resources: ["jobs/finalizers", "jobs/status"], verbs: ["get", "patch", "update"] },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update", "watch"] },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: [...READ, "delete", "patch", "update"] },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets/finalizers"], verbs: ["get", "update"] },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets/status"], verbs: ["get", "patch", "update"] },
    {
        apiGroups: ["trainer.kubeflow.org"],
        resources: ["clustertrainingruntimes", "trainingruntimes"],
        verbs: READ,
    },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: [...READ, "patch", "update"] },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs/finalizers"], verbs: ["get", "update"] },
    { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs/status"], verbs: ["get", "patch", "update"] },
    {
        apiGroups: [KUEUE],
        resources: ["admissionchecks", "clusterqueues", "resourceflavors", "topologies"],
        verbs: ["get", "list", "update", "watch"],
    },
    {
        apiGroups: [KUEUE],
        resources: [
            "admissionchecks/finalizers",
            "clusterqueues/finalizers",
            "resourceflavors/finalizers",
            "topologies/finalizers",
            "workloads/finalizers",
        ],
        verbs: ["update"],
    },
    {
        apiGroups: [KUEUE],
        resources: [
            "admissionchecks/status",
            "clusterqueues/status",
            "cohorts/status",
            "localqueues/status",
            "workloads/status",
        ],
        verbs: ["get", "patch", "update"],
    },
    { apiGroups: [KUEUE], resources: ["cohorts", "localqueues", "workloadpriorityclasses"], verbs: READ },
    {
        apiGroups: [KUEUE],
        resources: ["workloads"],
        verbs: [...READ, "create", "delete", "patch", "update"],
    },
    {
        apiGroups: ["resource.k8s.io"],
        resources: ["deviceclasses", "resourceclaims", "resourceclaimtemplates", "resourceslices"],
        verbs: READ,
    },
    { apiGroups: ["node.k8s.io"], resources: ["runtimeclasses"], verbs: READ },
    { apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: READ },
    // Its metrics are served only to those whom the API server knows and lets.
    { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];
