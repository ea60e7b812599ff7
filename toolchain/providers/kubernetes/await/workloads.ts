import { at, JsonObject, numberAt, stringAt } from "../../base/json";
import { condition, count, explain, failed, isObserved, isTrue, Judge, READY, Verdict, waiting } from "./verdict";

const replicasOf = (object: JsonObject): number => numberAt(object, "spec", "replicas") ?? 1;

export const deployment: Judge = (object) => {
    if (at(object, "spec", "paused") === true) return READY;
    if (!isObserved(object)) return waiting("the controller to see the new spec");
    const progressing = condition(object, "Progressing");
    if (progressing?.reason === "ProgressDeadlineExceeded") return failed(explain(progressing));
    const wanted = replicasOf(object);
    const updated = count(object, "updatedReplicas");
    if (updated < wanted) return waiting(`${updated} of ${wanted} pods updated`);
    const old = count(object, "replicas") - updated;
    if (old > 0) return waiting(`${old} old pods to end`);
    const available = count(object, "availableReplicas");
    return available < wanted ? waiting(`${available} of ${wanted} pods available`) : READY;
};

export const statefulSet: Judge = (object) => {
    if (!isObserved(object)) return waiting("the controller to see the new spec");
    const wanted = replicasOf(object);
    const ready = count(object, "readyReplicas");
    if (ready < wanted) return waiting(`${ready} of ${wanted} pods ready`);
    if (stringAt(object, "spec", "updateStrategy", "type") === "OnDelete") return READY;
    const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
    const toUpdate = Math.max(0, wanted - partition);
    const current = stringAt(object, "status", "currentRevision") === stringAt(object, "status", "updateRevision");
    const updated = count(object, "updatedReplicas");
    return current || (updated >= toUpdate && partition > 0)
        ? READY
        : waiting(`${updated} of ${toUpdate} pods updated`);
};

export const daemonSet: Judge = (object) => {
    if (!isObserved(object)) return waiting("the controller to see the new spec");
    const wanted = count(object, "desiredNumberScheduled");
    const updated = count(object, "updatedNumberScheduled");
    const onDelete = stringAt(object, "spec", "updateStrategy", "type") === "OnDelete";
    if (!onDelete && updated < wanted) return waiting(`pods updated on ${updated} of ${wanted} nodes`);
    const available = count(object, "numberAvailable");
    return available < wanted ? waiting(`pods available on ${available} of ${wanted} nodes`) : READY;
};

export const replicaSet: Judge = (object) => {
    if (!isObserved(object)) return waiting("the controller to see the new spec");
    const wanted = replicasOf(object);
    const available = count(object, "availableReplicas");
    return available < wanted ? waiting(`${available} of ${wanted} pods available`) : READY;
};

export const job: Judge = (object) => {
    if (at(object, "spec", "suspend") === true) return READY;
    if (isTrue(object, "Complete")) return READY;
    if (isTrue(object, "Failed")) return failed(explain(condition(object, "Failed")));
    const wanted = numberAt(object, "spec", "completions") ?? 1;
    const tries = count(object, "failed");
    return waiting(`${count(object, "succeeded")} of ${wanted} pods completed${tries > 0 ? `, ${tries} failed` : ""}`);
};

export const pod: Judge = (object): Verdict => {
    const phase = stringAt(object, "status", "phase");
    if (phase === "Succeeded" || isTrue(object, "Ready")) return READY;
    if (phase === "Failed") {
        return failed(
            stringAt(object, "status", "message") ?? stringAt(object, "status", "reason") ?? "the pod failed",
        );
    }
    const scheduled = condition(object, "PodScheduled");
    if (scheduled?.status === "False") return waiting(explain(scheduled));
    return waiting(explain(condition(object, "Ready")) || "the pod to be ready");
};
