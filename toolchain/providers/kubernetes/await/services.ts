import { at, JsonObject, objectAt, objectsAt, stringAt } from "../../base/json";
import { Judge, Look, READY, Verdict, waiting } from "./verdict";

export const service: Judge = async (object, look) => {
    const type = stringAt(object, "spec", "type") ?? "ClusterIP";
    if (type === "ExternalName") return READY;
    if (type === "LoadBalancer" && objectsAt(object, "status", "loadBalancer", "ingress").length === 0) {
        return waiting("the load balancer to get an address");
    }
    const isHeadless = stringAt(object, "spec", "clusterIP") === "None";
    const hasSelector = Object.keys(objectAt(object, "spec", "selector")).length > 0;
    if (isHeadless || !hasSelector) return READY;
    return endpoints(object, look);
};

async function endpoints(object: JsonObject, look: Look): Promise<Verdict> {
    const namespace = stringAt(object, "metadata", "namespace") ?? "";
    const name = stringAt(object, "metadata", "name") ?? "";
    const selector = `kubernetes.io/service-name=${name}`;
    const slices = await look.list("discovery.k8s.io/v1", "EndpointSlice", namespace, selector);
    const found = slices.flatMap((slice) => objectsAt(slice, "endpoints"));
    const serving = found.filter((endpoint) => at(endpoint, "conditions", "ready") !== false);
    if (serving.length > 0) return READY;
    return waiting(found.length === 0 ? "pods that match the selector" : "one of its pods to be ready");
}

export const ingress: Judge = (object) =>
    objectsAt(object, "status", "loadBalancer", "ingress").length > 0
        ? READY
        : waiting("an ingress controller to serve it");
