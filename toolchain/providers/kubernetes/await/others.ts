import { at, objectAt, stringAt } from "../../base/json";
import { condition, explain, failed, isTrue, Judge, READY, waiting } from "./verdict";

export const persistentVolumeClaim: Judge = async (object, look) => {
    const phase = stringAt(object, "status", "phase");
    if (phase === "Bound") return READY;
    if (phase === "Lost") return failed("its volume is lost");
    const className = stringAt(object, "spec", "storageClassName");
    if (className === undefined || className === "") return waiting("a volume");
    const storageClass = await look.find("storage.k8s.io/v1", "StorageClass", undefined, className);
    if (storageClass === undefined) return waiting(`storage class ${className}, which does not exist`);
    // Such a claim gets its volume with its first pod, and that pod may come later in this very update.
    return storageClass.volumeBindingMode === "WaitForFirstConsumer"
        ? READY
        : waiting(`a volume of storage class ${className}`);
};

export const persistentVolume: Judge = (object) => {
    const phase = stringAt(object, "status", "phase");
    if (phase === "Available" || phase === "Bound" || phase === "Released") return READY;
    return phase === "Failed"
        ? failed(stringAt(object, "status", "message") ?? "the volume failed")
        : waiting("the volume to be available");
};

export const customResourceDefinition: Judge = (object) => {
    const names = condition(object, "NamesAccepted");
    if (names?.status === "False") return failed(explain(names));
    const schema = condition(object, "NonStructuralSchema");
    if (schema?.status === "True") return failed(explain(schema));
    return isTrue(object, "Established") ? READY : waiting("the definition to be established");
};

export const apiService: Judge = (object) =>
    isTrue(object, "Available")
        ? READY
        : waiting(explain(condition(object, "Available")) || "the API service to be available");

export const namespace: Judge = (object) =>
    stringAt(object, "status", "phase") === "Active" ? READY : waiting("the namespace to be active");

export const secret: Judge = (object) => {
    if (object.type !== "kubernetes.io/service-account-token") return READY;
    return objectAt(object, "data").token === undefined ? waiting("the token of its service account") : READY;
};

export const resourceQuota: Judge = (object) => {
    const seen = Object.keys(objectAt(object, "status", "hard"));
    const wanted = Object.keys(objectAt(object, "spec", "hard"));
    return wanted.every((name) => seen.includes(name)) ? READY : waiting("the quota to be counted");
};

export const replicationController: Judge = (object) => {
    const wanted = Number(at(object, "spec", "replicas") ?? 1);
    const ready = Number(at(object, "status", "availableReplicas") ?? 0);
    return ready < wanted ? waiting(`${ready} of ${wanted} pods available`) : READY;
};
