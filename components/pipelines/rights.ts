import * as pulumi from "@pulumi/pulumi";

import { ControllerArgs } from "../kubernetes/controller";

type Rules = NonNullable<ControllerArgs["clusterRules"]>;

const ARGO = ["argoproj.io"];
const READ = ["get", "list", "watch"];

/**
 * Upstream's rights of the controller over every namespace, less `pods/exec` create and what writes templates. Where it may
 * use those that write is narrowed down by the admission policy of guard.ts: to namespaces of teams.
 */
export const controllerClusterRules: Rules = [
    { apiGroups: [""], resources: ["pods"], verbs: [...READ, "create", "update", "patch", "delete"] },
    // Signals to sidecars and daemons.
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
    { apiGroups: [""], resources: ["configmaps", "namespaces"], verbs: READ },
    {
        apiGroups: [""],
        resources: ["persistentvolumeclaims", "persistentvolumeclaims/finalizers"],
        verbs: ["create", "update", "delete", "get"],
    },
    {
        apiGroups: ARGO,
        resources: [
            "workflows",
            "workflows/finalizers",
            "workflowtasksets",
            "workflowtasksets/finalizers",
            "workflowartifactgctasks",
        ],
        verbs: [...READ, "update", "patch", "delete", "create"],
    },
    { apiGroups: ARGO, resources: ["workflowtemplates"], verbs: READ },
    { apiGroups: ARGO, resources: ["workflowtaskresults"], verbs: ["list", "watch", "deletecollection"] },
    {
        apiGroups: ARGO,
        resources: ["cronworkflows", "cronworkflows/finalizers"],
        verbs: [...READ, "update", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["create", "get", "delete"] },
];

/** In its own namespace: its configuration's Secret, who leads, and what memoized steps gave. */
export function controllerNamespaceRules(secrets: pulumi.Input<string>[]): Rules {
    return [
        { apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["get"] },
        { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create", "get", "update"] },
        // Argo keeps the caches of all namespaces beside the controller: see guard.ts for whose is whose.
        { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "update", "delete"] },
    ];
}

/** The server acts with the rights of who asks; its own are those of its caches. */
export const serverClusterRules: Rules = [
    {
        apiGroups: ARGO,
        resources: ["workflows", "workflowtemplates"],
        verbs: ["get", "list", "watch"],
    },
];

/** Token of the account with which members reach the platform: made by the team's component. */
export const MEMBER_TOKEN_SECRET = "member.service-account-token";

/** With OIDC the server looks up the account that serves somebody, and takes its token: no other Secret. */
export const signOnClusterRules: Rules = [
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: READ },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [MEMBER_TOKEN_SECRET], verbs: ["get"] },
];

export function serverNamespaceRules(
    secrets: pulumi.Input<string>[],
    configMap: pulumi.Input<string>,
    signsOn: boolean,
): Rules {
    return [
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [configMap], verbs: ["get"] },
        {
            apiGroups: [""],
            resources: ["secrets"],
            resourceNames: signsOn ? [...secrets, "sso"] : secrets,
            verbs: ["get"],
        },
        // Its cookies are encrypted with a key that it makes once.
        ...(signsOn ? [{ apiGroups: [""], resources: ["secrets"], verbs: ["create"] }] : []),
    ];
}
