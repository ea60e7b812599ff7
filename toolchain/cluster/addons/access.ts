import { ADMIN_GROUP, COREDNS_USER, KUBELET_CLIENT } from "../pki";
import { AddonObject, bindClusterRole, object } from "./objects";

/** Rights of the identities that Kubernetes' own bootstrap roles do not bind. */
export function access(): AddonObject[] {
    return [
        bindClusterRole("mlp:cluster-admins", "cluster-admin", "Group", ADMIN_GROUP),
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
