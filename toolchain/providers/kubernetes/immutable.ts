import { JsonObject, Path, stringAt } from "../base/json";
import { Settings } from "./config";

/** `a.b` as a path; `*` stands for any element of a list. */
const paths = (...dotted: readonly string[]): Path[] => dotted.map((path) => path.split("."));
const inSpec = (...fields: readonly string[]): Path[] => fields.map((field) => ["spec", ...field.split(".")]);

const POD_FIELDS = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "imagePullSecrets",
    "nodeName",
    "nodeSelector",
    "overhead",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "readinessGates",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
    "volumes",
    "containers",
    "initContainers",
];

/** What a PersistentVolume says of its medium; everything else about it may change. */
const VOLUME_SOURCES = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "gcePersistentDisk",
    "hostPath",
    "iscsi",
    "local",
    "nfs",
    "rbd",
    "vsphereVolume",
];

/** Fields by kind (and group) that no update can change: the object must be made anew. */
const IMMUTABLE: Readonly<Record<string, readonly Path[]>> = {
    "apps/DaemonSet": inSpec("selector"),
    "apps/Deployment": inSpec("selector"),
    "apps/ReplicaSet": inSpec("selector"),
    "apps/StatefulSet": inSpec(
        "podManagementPolicy",
        "revisionHistoryLimit",
        "selector",
        "serviceName",
        "volumeClaimTemplates",
    ),
    "batch/Job": inSpec("completions", "completionMode", "parallelism", "selector", "template"),
    "core/PersistentVolume": inSpec(...VOLUME_SOURCES),
    "core/PersistentVolumeClaim": inSpec("accessModes", "selector", "storageClassName", "volumeMode", "volumeName"),
    "core/Pod": inSpec(...POD_FIELDS),
    "core/ResourceQuota": inSpec("scopes", "scopeSelector"),
    "core/Secret": paths("type"),
    "core/Service": inSpec("clusterIP"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": paths("roleRef"),
    "rbac.authorization.k8s.io/RoleBinding": paths("roleRef"),
    "scheduling.k8s.io/PriorityClass": paths("value", "preemptionPolicy"),
    "storage.k8s.io/CSIDriver": inSpec("attachRequired", "fsGroupPolicy", "volumeLifecycleModes"),
    "storage.k8s.io/StorageClass": paths("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"),
    "apiextensions.k8s.io/CustomResourceDefinition": inSpec("group", "names.plural", "scope"),
};

/** What every object keeps for its life. */
const IDENTITY = paths("kind", "metadata.name", "metadata.namespace");

/** Whether the data of ConfigMaps and Secrets may change in place. */
export type Mutability = Pick<Settings, "enableConfigMapMutable" | "enableSecretMutable">;

/** The fields of this object whose change needs a new object. */
export function immutableFields(object: JsonObject, before: JsonObject, mutability: Mutability): readonly Path[] {
    const key = groupKind(object);
    return [...IDENTITY, ...(IMMUTABLE[key] ?? []), ...dataFields(key, object, before, mutability)];
}

/** Pods see new data only when they start, so data is replaced by default: a new name rolls them. */
function dataFields(key: string, object: JsonObject, before: JsonObject, mutability: Mutability): readonly Path[] {
    const mutable: Readonly<Record<string, boolean>> = {
        "core/ConfigMap": mutability.enableConfigMapMutable,
        "core/Secret": mutability.enableSecretMutable,
    };
    const allowed = mutable[key];
    if (allowed === undefined) return [];
    const sealed = before.immutable === true;
    const data = allowed && !sealed && object.immutable !== true ? [] : paths("data", "binaryData");
    return sealed ? [...data, ["immutable"]] : data;
}

/** An object's kind in every version of its group: `apps/Deployment`, `core/Pod`. */
export function groupKind(object: JsonObject): string {
    return `${groupOf(object)}/${stringAt(object, "kind") ?? ""}`;
}

/** The group of an object's API; `core` for the one without a name. A new version of a group is the same kind. */
export function groupOf(object: JsonObject): string {
    const apiVersion = stringAt(object, "apiVersion") ?? "";
    return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "core";
}
