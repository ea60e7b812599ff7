import { REGISTRY_NAMESPACE } from "../registry";
import { Services } from "./environment";
import { PlatformService } from "./network";

/** SeaweedFS's S3 API. */
const OBJECT_STORE_PORT = 8333;
const REGISTRY_PORT = 5000;
const ARGO_NAMESPACE = "mlp-pipelines";

/** The platform's services inside the cluster that a team uses. */
export function servicesOf({ store, registry, argoServer }: Services): PlatformService[] {
    const services: PlatformService[] = [];
    if (store.administration) services.push({ namespace: store.administration.namespace, port: OBJECT_STORE_PORT });
    if (registry !== undefined) services.push({ namespace: REGISTRY_NAMESPACE, port: REGISTRY_PORT });
    if (argoServer !== undefined) services.push({ namespace: ARGO_NAMESPACE, port: portOf(argoServer) });
    return services;
}

function portOf(address: string): number {
    return Number(/:(\d+)$/.exec(address)?.[1] ?? 2746);
}
