import { Gateway } from "../contracts";
import { S3_PORT } from "../data";
import { REGISTRY_NAMESPACE, REGISTRY_PORT } from "../registry";
import { Services } from "./environment";
import { PlatformService } from "./network";

const ARGO_NAMESPACE = "mlp-pipelines";

/** The platform's services inside the cluster that a team uses. */
export function servicesOf({
    store,
    registry,
    argoServer,
    gateway,
}: Services & { readonly gateway?: Gateway }): PlatformService[] {
    const services: PlatformService[] = [];
    if (store.administration) services.push({ namespace: store.administration.namespace, port: S3_PORT });
    if (registry !== undefined) services.push({ namespace: REGISTRY_NAMESPACE, port: REGISTRY_PORT });
    if (argoServer !== undefined) services.push({ namespace: ARGO_NAMESPACE, port: portOf(argoServer) });
    // The URLs that people use, and where they sign in.
    if (gateway !== undefined) {
        services.push({ namespace: gateway.namespace, port: gateway.podPort, podLabels: gateway.podLabels });
    }
    return services;
}

function portOf(address: string): number {
    return Number(/:(\d+)$/.exec(address)?.[1] ?? 2746);
}
