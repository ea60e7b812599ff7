import * as k8s from "@pulumi/kubernetes";

/** Only nodes with NVIDIA GPUs carry it, `true`. */
export const GPU_PRESENT = "nvidia.com/gpu.present";
/** Only nodes with Elastic Fabric Adapters carry it, `true`. */
export const EFA_PRESENT = "vpc.amazonaws.com/efa.present";

/** Where every kubelet listens for device plugins, whatever its root directory. */
export const DEVICE_PLUGINS = "/var/lib/kubelet/device-plugins";

const WAIVER_END = "2027-12-31";

/** Rules of the policy pack that an agent cannot keep, each with the reason. */
export interface Waivers {
    readonly [rule: string]: string;
}

export function waiversOf(waivers: Waivers): { [annotation: string]: string } {
    const lines = Object.entries(waivers).map(([rule, reason]) => `${rule}=${reason};expires=${WAIVER_END}`);
    return { "mlp.dev/policy-waiver": lines.join("\n") };
}

/** A path of the node that an agent needs. */
export interface HostMount {
    readonly name: string;
    readonly path: string;
    readonly type: "Directory" | "CharDevice";
    readonly mountPath?: string;
    readonly readOnly?: boolean;
}

/** One container on every node that carries the labels. */
export interface NodeAgent {
    readonly name: string;
    readonly component: string;
    readonly nodeSelector: { readonly [label: string]: string };
    readonly container: Pick<
        k8s.types.input.core.v1.Container,
        "image" | "command" | "args" | "env" | "ports" | "livenessProbe" | "readinessProbe"
    >;
    readonly privileged?: boolean;
    /** The one capability that it keeps. */
    readonly capability?: "SYS_ADMIN";
    readonly hostNetwork?: boolean;
    readonly hostMounts: readonly HostMount[];
    /** Empty and writable. */
    readonly scratch?: readonly string[];
    /** A ConfigMap's keys as files. */
    readonly configuration?: { readonly configMap: k8s.core.v1.ConfigMap; readonly mountPath: string };
    readonly memory: { readonly request: string; readonly limit: string };
}

export function labelsOf({ name, component }: Pick<NodeAgent, "name" | "component">): { [label: string]: string } {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
}

/**
 * The DaemonSet of an agent, root by necessity: the kubelet's sockets belong to root. All else is taken from it.
 *
 * It tolerates every taint: a node whose GPUs are not offered or measured is of no use.
 */
export function daemonSetOf(agent: NodeAgent): k8s.types.input.apps.v1.DaemonSetSpec {
    const labels = labelsOf(agent);
    const volumes = volumesOf(agent);
    return {
        selector: { matchLabels: labels },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
            metadata: { labels },
            spec: {
                priorityClassName: "system-node-critical",
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                nodeSelector: agent.nodeSelector,
                tolerations: [{ operator: "Exists" }],
                ...(agent.hostNetwork === true && { hostNetwork: true }),
                securityContext: { seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                    {
                        name: agent.component,
                        imagePullPolicy: "IfNotPresent",
                        ...agent.container,
                        securityContext: securityOf(agent),
                        resources: {
                            requests: { cpu: "10m", memory: agent.memory.request },
                            limits: { memory: agent.memory.limit },
                        },
                        volumeMounts: volumes.map(({ volume, mountPath, readOnly }) => ({
                            name: volume.name,
                            mountPath,
                            readOnly,
                        })),
                    },
                ],
                volumes: volumes.map(({ volume }) => volume),
            },
        },
    };
}

function securityOf({ privileged, capability }: NodeAgent): k8s.types.input.core.v1.SecurityContext {
    return privileged === true
        ? { runAsUser: 0, privileged: true, readOnlyRootFilesystem: true }
        : {
              runAsUser: 0,
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"], ...(capability && { add: [capability] }) },
          };
}

interface Mounted {
    readonly volume: k8s.types.input.core.v1.Volume & { readonly name: string };
    readonly mountPath: string;
    readonly readOnly: boolean;
}

function volumesOf({ hostMounts, scratch = [], configuration }: NodeAgent): Mounted[] {
    const ofHost = hostMounts.map(({ name, path, type, mountPath, readOnly }) => ({
        volume: { name, hostPath: { path, type } },
        mountPath: mountPath ?? path,
        readOnly: readOnly ?? false,
    }));
    const empty = scratch.map((mountPath) => ({
        volume: { name: mountPath.slice(1).replaceAll("/", "-"), emptyDir: { sizeLimit: "64Mi" } },
        mountPath,
        readOnly: false,
    }));
    const files =
        configuration === undefined
            ? []
            : [
                  {
                      volume: { name: "configuration", configMap: { name: configuration.configMap.metadata.name } },
                      mountPath: configuration.mountPath,
                      readOnly: true,
                  },
              ];
    return [...ofHost, ...empty, ...files];
}
