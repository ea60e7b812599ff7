import * as k8s from "@pulumi/kubernetes";

import { registryRules, RegistryRole } from "../registry";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

/** Account of the pods of pipelines. */
export const PIPELINE_ACCOUNT = "pipeline";
/** Role of the team's own administrators. */
export const ADMIN_ROLE = "admin";
/** Account with which members, notebooks and CI reach the platform's services. */
export const MEMBER_ACCOUNT = "member";

const READ = ["get", "list", "watch"];
const KUEUE = "kueue.x-k8s.io";
const WRITE = ["create", "update", "patch", "delete"];

/** What steps may do: report their result, run training and follow it, log runs and register models. */
export function pipelineRules(): PolicyRule[] {
    return [
        // How Argo's executor hands a step's outputs to the controller; it reads nothing.
        { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
        // With the same account a pod of Argo's removes the artifacts of a workflow that is deleted.
        { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks"], verbs: ["list", "watch"] },
        { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks/status"], verbs: ["patch"] },
        {
            apiGroups: ["trainer.kubeflow.org"],
            resources: ["trainjobs"],
            verbs: [...READ, "create", "patch", "delete"],
        },
        // A step that waits for a TrainJob shows the logs of its pods.
        { apiGroups: [""], resources: ["pods", "pods/log"], verbs: READ },
        ...registryRules(RegistryRole.Writer),
    ];
}

/**
 * What members may do: everything with pipelines and training, and see why something does not run.
 *
 * @param objectSecret - Secret with the team's key of the object store. Default: none, the store takes no keys.
 * @param queued - Its jobs wait in a queue: members see what waits, and for what.
 */
export function memberRules(objectSecret?: string, queued = false): PolicyRule[] {
    return [
        {
            apiGroups: ["argoproj.io"],
            resources: ["workflows", "workflowtemplates", "cronworkflows"],
            verbs: [...READ, ...WRITE],
        },
        // Argo's server shows these beside a workflow, with the rights of whoever asks.
        { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults", "workflowtasksets"], verbs: READ },
        { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: [...READ, ...WRITE] },
        { apiGroups: ["trainer.kubeflow.org"], resources: ["trainingruntimes"], verbs: READ },
        {
            apiGroups: [""],
            resources: ["pods", "pods/log", "events", "persistentvolumeclaims", "resourcequotas", "limitranges"],
            verbs: READ,
        },
        ...(queued ? [{ apiGroups: [KUEUE], resources: ["workloads", "localqueues"], verbs: READ }] : []),
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [ENVIRONMENT_CONFIG_MAP], verbs: ["get"] },
        // Argo's server has no key: it shows artifacts and logs with the team's, read as whoever asks.
        ...(objectSecret === undefined
            ? []
            : [{ apiGroups: [""], resources: ["secrets"], resourceNames: [objectSecret], verbs: ["get"] }]),
        ...registryRules(RegistryRole.Writer),
    ];
}

/**
 * What the team's administrators may do on top: keep its Secrets, its configuration and its volumes in order, and see what
 * the platform has set. Quotas, network, accounts and rights are the platform's: nobody gives himself more.
 */
export function adminRules(): PolicyRule[] {
    return [
        {
            apiGroups: [""],
            resources: ["secrets", "configmaps", "persistentvolumeclaims", "services"],
            verbs: [...READ, ...WRITE],
        },
        { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: [...READ, "delete"] },
        { apiGroups: [""], resources: ["serviceaccounts"], verbs: READ },
        { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: READ },
        { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: READ },
    ];
}

/** ConfigMap with what clients of the platform's services need in their environment. */
export const ENVIRONMENT_CONFIG_MAP = "mlp-environment";

/** What people may do on top: get a token of the members' account. The account itself may not, so that its tokens end. */
export function tokenRules(): PolicyRule[] {
    return [
        {
            apiGroups: [""],
            resources: ["serviceaccounts/token"],
            resourceNames: [MEMBER_ACCOUNT],
            verbs: ["create"],
        },
    ];
}

/** What stands outside every namespace and teams choose from. */
export function sharedRules(queued = false): PolicyRule[] {
    return [
        { apiGroups: ["trainer.kubeflow.org"], resources: ["clustertrainingruntimes"], verbs: READ },
        ...(queued ? [{ apiGroups: [KUEUE], resources: ["workloadpriorityclasses"], verbs: READ }] : []),
    ];
}
