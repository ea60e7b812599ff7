import * as k8s from "@pulumi/kubernetes";

import { ControllerArgs } from "../kubernetes/controller";
import { GatewaySpec } from "./resolve";

type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

/** Its Service has this name in Envoy Gateway's own code. */
export const CONTROLLER = "envoy-gateway";
export const CONTROLLER_NAME = "gateway.envoyproxy.io/gatewayclass-controller";
/** Where proxies ask for their configuration. */
export const XDS_PORT = 18_000;

/** Labels that Envoy Gateway gives the pods of a Gateway's proxies. */
export function proxyLabels(gateway: string): { [label: string]: string } {
    return { "app.kubernetes.io/component": "proxy", "gateway.envoyproxy.io/owning-gateway-name": gateway };
}

/** Envoy Gateway: turns Gateways, routes and policies into configuration of Envoy. */
export function envoyGateway(
    { controllerImage, replicas }: GatewaySpec,
    gateway: string,
): Omit<ControllerArgs, "namespace" | "certificateSecret"> {
    return {
        image: controllerImage,
        args: ["server", `--config-path=/etc/${CONTROLLER}/config.yaml`],
        configuration: JSON.stringify(configurationOf(controllerImage, replicas)),
        environment: [
            { name: "ENVOY_GATEWAY_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
            { name: "KUBERNETES_CLUSTER_DOMAIN", value: "cluster.local" },
        ],
        replicas,
        single: replicas === 1,
        ports: [
            { name: "grpc", port: XDS_PORT, servicePort: XDS_PORT },
            { name: "health", port: 8081 },
        ],
        health: { port: "health" },
        clusterRules,
        namespaceRules,
        certificatePath: "/certs",
        scratch: ["/var/lib/eg/wasm", "/tmp"],
        callers: [{ podSelector: { matchLabels: proxyLabels(gateway) } }],
        memory: { request: "128Mi", limit: "512Mi" },
    };
}

/** @see https://gateway.envoyproxy.io/docs/api/extension_types/#envoygateway */
function configurationOf(shutdownManager: string, replicas: number): object {
    return {
        apiVersion: "gateway.envoyproxy.io/v1alpha1",
        kind: "EnvoyGateway",
        gateway: { controllerName: CONTROLLER_NAME },
        logging: { level: { default: "info" } },
        provider: {
            type: "Kubernetes",
            kubernetes: {
                // Left out, it would be an image whose tag moves.
                shutdownManager: { image: shutdownManager },
                leaderElection: { disable: replicas === 1 },
                proxyTopologyInjector: { disabled: true },
            },
        },
    };
}

const READ = ["get", "list", "watch"];
const GATEWAY_API = "gateway.networking.k8s.io";
const ENVOY_API = "gateway.envoyproxy.io";

const ROUTES = ["gateways", "grpcroutes", "httproutes", "referencegrants", "backendtlspolicies", "listenersets"];
const OTHER_ROUTES = ["tcproutes", "tlsroutes", "udproutes"];
const POLICIES = ["backendtrafficpolicies", "clienttrafficpolicies", "envoyproxies", "securitypolicies"];
const status = (kinds: readonly string[]) => kinds.map((kind) => `${kind}/status`);

/**
 * What it may see everywhere: routes and what they lead to. Its client lists Secrets of every namespace, for a listener
 * may name one anywhere; ours are all in its own.
 */
const clusterRules: PolicyRule[] = [
    { apiGroups: [""], resources: ["nodes", "namespaces", "services", "configmaps", "secrets"], verbs: READ },
    { apiGroups: ["apps"], resources: ["deployments", "daemonsets"], verbs: READ },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
    // Where the cluster serves them: a backend's CA may be one.
    { apiGroups: ["certificates.k8s.io"], resources: ["clustertrustbundles"], verbs: READ },
    { apiGroups: [GATEWAY_API], resources: ["gatewayclasses"], verbs: [...READ, "patch", "update"] },
    { apiGroups: [GATEWAY_API], resources: [...ROUTES, ...OTHER_ROUTES], verbs: READ },
    { apiGroups: [GATEWAY_API], resources: status(["gatewayclasses", ...ROUTES, ...OTHER_ROUTES]), verbs: ["update"] },
    { apiGroups: [ENVOY_API], resources: POLICIES, verbs: READ },
    { apiGroups: [ENVOY_API], resources: status(POLICIES), verbs: ["update"] },
];

const MANAGE = [...READ, "create", "patch", "delete", "deletecollection"];

/** The proxies, which it makes beside itself. */
const namespaceRules: PolicyRule[] = [
    { apiGroups: [""], resources: ["serviceaccounts", "services", "configmaps"], verbs: MANAGE },
    { apiGroups: ["apps"], resources: ["deployments", "daemonsets"], verbs: MANAGE },
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: MANAGE },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: MANAGE },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: [...READ, "create", "update", "patch"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];
