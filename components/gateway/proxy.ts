import { containerSecurity, podSecurity } from "../kubernetes/hardening";
import { proxyLabels } from "./controller";
import { GatewayExposure, GatewaySpec, GATEWAY_NAME, GATEWAY_SERVICE } from "./resolve";

/** What a load balancer needs to know. */
export interface LoadBalancerPlan {
    readonly internal: boolean;
    readonly certificateArn: string | undefined;
}

/** Seconds for which a proxy that ends still serves the requests that it has. */
const DRAIN_SECONDS = 15;

/** Where both containers write: Envoy its sockets, the other the mark that all connections have ended. */
const SCRATCH = { name: "scratch", mountPath: "/tmp" };

/** The proxies: Envoy, hardened as everything here. @see https://gateway.envoyproxy.io/docs/api/extension_types/#envoyproxy */
export function envoyProxySpec(spec: GatewaySpec, exposure: GatewayExposure, balancer: LoadBalancerPlan): object {
    return {
        provider: {
            type: "Kubernetes",
            kubernetes: {
                envoyDeployment: deploymentOf(spec),
                envoyService: serviceOf(spec, exposure, balancer),
                ...(spec.replicas > 1 && { envoyPDB: { minAvailable: 1 } }),
            },
        },
        concurrency: 2,
        logging: { level: { default: "warn" } },
        shutdown: { drainTimeout: `${DRAIN_SECONDS}s`, minDrainDuration: "2s" },
        telemetry: { accessLog: { settings: [ACCESS_LOG] } },
    };
}

/** Without queries: a sign-in's code and state stand in them. */
const ACCESS_LOG = {
    sinks: [{ type: "File", file: { path: "/dev/stdout" } }],
    format: {
        type: "JSON",
        json: {
            time: "%START_TIME%",
            host: "%REQ(:AUTHORITY)%",
            method: "%REQ(:METHOD)%",
            path: "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%",
            status: "%RESPONSE_CODE%",
            details: "%RESPONSE_CODE_DETAILS%",
            flags: "%RESPONSE_FLAGS%",
            milliseconds: "%DURATION%",
            route: "%ROUTE_NAME%",
            upstream: "%UPSTREAM_HOST%",
            request: "%REQ(X-REQUEST-ID)%",
        },
    },
};

function deploymentOf({ proxyImage, replicas }: GatewaySpec): object {
    return {
        replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        pod: {
            securityContext: podSecurity(),
            priorityClassName: "system-cluster-critical",
            volumes: [{ name: SCRATCH.name, emptyDir: {} }],
            topologySpreadConstraints: [
                {
                    maxSkew: 1,
                    topologyKey: "kubernetes.io/hostname",
                    whenUnsatisfiable: "ScheduleAnyway",
                    labelSelector: { matchLabels: proxyLabels(GATEWAY_NAME) },
                },
            ],
        },
        container: {
            image: proxyImage,
            securityContext: containerSecurity(),
            resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
            volumeMounts: [SCRATCH],
        },
        patch: { type: "StrategicMerge", value: { spec: { template: { spec: podPatch() } } } },
    };
}

/** What EnvoyProxy has no field for. */
function podPatch(): object {
    return {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 2 * DRAIN_SECONDS,
        containers: [
            {
                name: "shutdown-manager",
                resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
                volumeMounts: [SCRATCH],
            },
        ],
    };
}

const AWS = "service.beta.kubernetes.io/aws-load-balancer";

function serviceOf(
    { sourceRanges }: GatewaySpec,
    exposure: GatewayExposure,
    { internal, certificateArn }: LoadBalancerPlan,
): object {
    if (exposure === GatewayExposure.Loopback) return { name: GATEWAY_SERVICE, type: "ClusterIP" };
    return {
        name: GATEWAY_SERVICE,
        type: "LoadBalancer",
        externalTrafficPolicy: "Cluster",
        ...(sourceRanges.length > 0 && { loadBalancerSourceRanges: [...sourceRanges] }),
        annotations: {
            [`${AWS}-type`]: "nlb",
            [`${AWS}-internal`]: `${internal}`,
            // The balancer shows its own certificate, and speaks TLS to the proxies as well.
            ...(certificateArn !== undefined && {
                [`${AWS}-ssl-cert`]: certificateArn,
                [`${AWS}-ssl-ports`]: "*",
                [`${AWS}-backend-protocol`]: "ssl",
            }),
        },
    };
}
