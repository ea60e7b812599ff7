import { ADMIN_GROUP, COREDNS_USER, KUBELET_CLIENT, KWOK_USER, NETWORK_POLICY_USER } from "../pki";
import { AddonObject, bindClusterRole, object } from "./objects";

// Rights of the identities that Kubernetes' own bootstrap roles do not bind.

export function administrators(): AddonObject[] {
    return [bindClusterRole("mlp:cluster-admins", "cluster-admin", "Group", ADMIN_GROUP)];
}

export function nodeComponents(): AddonObject[] {
    return [
        bindClusterRole("mlp:kubelet-api-admin", "system:kubelet-api-admin", "User", KUBELET_CLIENT),
        object("ClusterRole", {
            metadata: { name: COREDNS_USER },
            rules: [
                {
                    apiGroups: [""],
                    resources: ["endpoints", "services", "pods", "namespaces"],
                    verbs: ["list", "watch"],
                },
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
            ],
        }),
        bindClusterRole(COREDNS_USER, COREDNS_USER, "User", COREDNS_USER),
    ];
}

/** Who may talk to whom follows from these. */
export function networkPolicyAccess(): AddonObject[] {
    return [
        object("ClusterRole", {
            metadata: { name: NETWORK_POLICY_USER },
            rules: [
                { apiGroups: [""], resources: ["namespaces", "pods"], verbs: ["list", "watch"] },
                { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
            ],
        }),
        bindClusterRole(NETWORK_POLICY_USER, NETWORK_POLICY_USER, "User", NETWORK_POLICY_USER),
    ];
}

/** kwok does for all its nodes what each kubelet does for its own. */
export function kwokAccess(): AddonObject[] {
    return [
        object("ClusterRole", {
            metadata: { name: KWOK_USER },
            rules: [
                { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "patch", "update"] },
                { apiGroups: [""], resources: ["nodes/status", "pods/status"], verbs: ["patch", "update"] },
                { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "patch", "update", "delete"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch", "update"] },
                {
                    apiGroups: ["coordination.k8s.io"],
                    resources: ["leases"],
                    verbs: ["get", "list", "watch", "create", "patch", "update"],
                },
            ],
        }),
        bindClusterRole(KWOK_USER, KWOK_USER, "User", KWOK_USER),
    ];
}
