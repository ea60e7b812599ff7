import * as k8s from "@pulumi/kubernetes";

import { GpuPool } from "../contracts";

/** Where every kubelet listens for device plugins, whatever its root directory. */
const SOCKETS = "/var/lib/kubelet/device-plugins";

/** Why the policy pack lets this DaemonSet through. */
export const POLICY_WAIVER = [
    "pod-no-host-path=a device plugin registers over the kubelet's socket on the node;expires=2027-12-31",
    "pod-run-as-non-root=the kubelet's socket directory belongs to root;expires=2027-12-31",
].join("\n");

/** Why its namespace may hold it. */
export const NAMESPACE_WAIVER =
    "namespace-pod-security=a device plugin mounts the kubelet's socket, which no other level allows;expires=2027-12-31";

/** The DaemonSet that runs the simulated device plugin on the pool's nodes. */
export function daemonSetOf(name: string, image: string, pool: GpuPool): k8s.types.input.apps.v1.DaemonSetSpec {
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "device-plugin" };
    return {
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: {
                priorityClassName: "system-node-critical",
                automountServiceAccountToken: false,
                nodeSelector: pool.nodeLabels,
                tolerations: [{ operator: "Exists" }],
                terminationGracePeriodSeconds: 5,
                securityContext: { seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                    {
                        name: "device-plugin",
                        image,
                        imagePullPolicy: "IfNotPresent",
                        args: [
                            `--resource=${pool.resource}`,
                            `--count=${pool.gpusPerNode}`,
                            `--device-prefix=simulated-${pool.name}`,
                            `--sockets=${SOCKETS}`,
                            `--faults=${SOCKETS}/mlp-unhealthy`,
                            "--health=:8080",
                        ],
                        ports: [{ name: "health", containerPort: 8080, protocol: "TCP" }],
                        securityContext: {
                            runAsUser: 0,
                            allowPrivilegeEscalation: false,
                            readOnlyRootFilesystem: true,
                            capabilities: { drop: ["ALL"] },
                        },
                        resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { memory: "64Mi" } },
                        livenessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 10 },
                        readinessProbe: { httpGet: { path: "/readyz", port: "health" }, periodSeconds: 2 },
                        volumeMounts: [{ name: "sockets", mountPath: SOCKETS }],
                    },
                ],
                volumes: [{ name: "sockets", hostPath: { path: SOCKETS, type: "Directory" } }],
            },
        },
    };
}
