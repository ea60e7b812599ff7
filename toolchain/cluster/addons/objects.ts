import type {
    V1APIService,
    V1ClusterRole,
    V1ClusterRoleBinding,
    V1ConfigMap,
    V1Deployment,
    V1EndpointSlice,
    V1Namespace,
    V1Role,
    V1RoleBinding,
    V1Secret,
    V1Service,
    V1ServiceAccount,
    V1StorageClass,
} from "@kubernetes/client-node";

/** What an add-on consists of, by kind. */
interface Kinds {
    APIService: V1APIService;
    ClusterRole: V1ClusterRole;
    ClusterRoleBinding: V1ClusterRoleBinding;
    ConfigMap: V1ConfigMap;
    Deployment: V1Deployment;
    EndpointSlice: V1EndpointSlice;
    Namespace: V1Namespace;
    Role: V1Role;
    RoleBinding: V1RoleBinding;
    Secret: V1Secret;
    Service: V1Service;
    ServiceAccount: V1ServiceAccount;
    StorageClass: V1StorageClass;
}

type Kind = keyof Kinds;

/** An object as it is sent: with its kind, its version and a name. */
export type AddonObject<K extends Kind = Kind> = {
    [P in K]: Kinds[P] & { kind: P; apiVersion: string; metadata: { name: string; namespace?: string } };
}[K];

const RBAC = "rbac.authorization.k8s.io/v1";

/** Where the API server serves each kind. */
const served: Readonly<Record<Kind, { readonly apiVersion: string; readonly plural: string }>> = {
    APIService: { apiVersion: "apiregistration.k8s.io/v1", plural: "apiservices" },
    ClusterRole: { apiVersion: RBAC, plural: "clusterroles" },
    ClusterRoleBinding: { apiVersion: RBAC, plural: "clusterrolebindings" },
    ConfigMap: { apiVersion: "v1", plural: "configmaps" },
    Deployment: { apiVersion: "apps/v1", plural: "deployments" },
    EndpointSlice: { apiVersion: "discovery.k8s.io/v1", plural: "endpointslices" },
    Namespace: { apiVersion: "v1", plural: "namespaces" },
    Role: { apiVersion: RBAC, plural: "roles" },
    RoleBinding: { apiVersion: RBAC, plural: "rolebindings" },
    Secret: { apiVersion: "v1", plural: "secrets" },
    Service: { apiVersion: "v1", plural: "services" },
    ServiceAccount: { apiVersion: "v1", plural: "serviceaccounts" },
    StorageClass: { apiVersion: "storage.k8s.io/v1", plural: "storageclasses" },
};

/** An object with the version under which its kind is served. */
export function object<K extends Kind>(
    kind: K,
    body: Omit<Kinds[K], "kind" | "apiVersion" | "metadata"> & { metadata: AddonObject<K>["metadata"] },
): AddonObject {
    return { apiVersion: served[kind].apiVersion, kind, ...body } as unknown as AddonObject;
}

/** The object's path at the API server. */
export function pathOf({ kind, metadata }: AddonObject): string {
    const { apiVersion, plural } = served[kind];
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const scope = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    return `${root}${scope}/${plural}/${metadata.name}`;
}

const RBAC_GROUP = "rbac.authorization.k8s.io";

/** Binds a user or group to a cluster role. */
export function bindClusterRole(name: string, role: string, kind: "User" | "Group", subject: string): AddonObject {
    return object("ClusterRoleBinding", {
        metadata: { name },
        roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: role },
        subjects: [{ apiGroup: RBAC_GROUP, kind, name: subject }],
    });
}

/** Binds a service account to a role: in its own namespace, or in the whole cluster. */
export function bindServiceAccount(
    name: string,
    role: { readonly kind: "ClusterRole" | "Role"; readonly name: string },
    account: { readonly namespace: string; readonly name: string },
    scope: "cluster" | "namespace",
): AddonObject {
    const binding = {
        roleRef: { apiGroup: RBAC_GROUP, ...role },
        subjects: [{ kind: "ServiceAccount", ...account }],
    };
    return scope === "cluster"
        ? object("ClusterRoleBinding", { metadata: { name }, ...binding })
        : object("RoleBinding", { metadata: { name, namespace: account.namespace }, ...binding });
}

/** What Pod Security's `restricted` level asks of a container, and a read-only root besides. */
export const restrictedContainer = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
};

/** The same for a pod. */
export const restrictedPod = (user: number) => ({
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
});
