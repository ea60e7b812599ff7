import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { containerSecurity, podSecurity } from "./hardening";

/** A port on which a container listens. */
export interface ContainerPort {
    name: string;
    port: number;
    /** Port of the Service in front of it. Left out: not published. */
    servicePort?: number;
}

/** Memory of a container, as Kubernetes quantities. */
export interface MemoryBudget {
    request: string;
    limit: string;
}

/** A volume and where the container sees it. */
export interface MountedVolume {
    volume: k8s.types.input.core.v1.Volume & { name: string };
    mountPath: string;
    /** Default: true. */
    readOnly?: boolean;
}

/** Where a container tells how it is, over HTTP. */
export interface HealthCheck {
    /** Name of the port. */
    port: string;
    /** Path that answers while the process is sound. Default: `/healthz`. */
    live?: string;
    /** Path that answers while it can serve. Default: `/readyz`. */
    ready?: string;
    /** Default: `HTTP`. */
    scheme?: "HTTP" | "HTTPS";
}

/** A pod of one container. */
export interface PodArgs {
    /** Of the container. */
    name: string;
    image: pulumi.Input<string>;
    /** In place of the image's entry point. */
    command?: string[];
    args?: pulumi.Input<string>[];
    environment?: k8s.types.input.core.v1.EnvVar[];
    ports?: ContainerPort[];
    /** Probes; none for what runs to its end. */
    probes?: Pick<k8s.types.input.core.v1.Container, "startupProbe" | "livenessProbe" | "readinessProbe">;
    volumes?: MountedVolume[];
    /** Folders that are empty at the start and may be written to: all else is read-only. */
    scratch?: string[];
    serviceAccountName: pulumi.Input<string>;
    /** Whether the container gets the account's token. */
    usesApi: boolean;
    /** UID and GID. Default: 65532. */
    user?: number;
    /** Seconds between SIGTERM and SIGKILL. Default: 10. */
    gracePeriod?: number;
    priorityClassName?: string;
    nodeAffinity?: k8s.types.input.core.v1.NodeAffinity;
    /** CPU request in cores. */
    cpu: string;
    memory: MemoryBudget;
}

/** The spec of a pod with what every one of ours gets: no root, no rights, nothing writable, requests and a limit. */
export function podSpecOf(args: PodArgs): k8s.types.input.core.v1.PodSpec {
    const volumes = [...(args.volumes ?? []), ...(args.scratch ?? []).map(scratchAt)];
    return {
        serviceAccountName: args.serviceAccountName,
        automountServiceAccountToken: args.usesApi,
        enableServiceLinks: false,
        ...(args.priorityClassName !== undefined && { priorityClassName: args.priorityClassName }),
        securityContext: podSecurity(args.user),
        ...(args.nodeAffinity && { affinity: { nodeAffinity: args.nodeAffinity } }),
        terminationGracePeriodSeconds: args.gracePeriod ?? 10,
        containers: [
            {
                name: args.name,
                image: args.image,
                imagePullPolicy: "IfNotPresent",
                ...(args.command && { command: args.command }),
                ...(args.args && { args: args.args }),
                ...(args.environment && { env: args.environment }),
                ...(args.ports && {
                    ports: args.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
                }),
                securityContext: containerSecurity(),
                resources: {
                    requests: { cpu: args.cpu, memory: args.memory.request },
                    limits: { memory: args.memory.limit },
                },
                ...args.probes,
                volumeMounts: volumes.map(({ volume, mountPath, readOnly }) => ({
                    name: volume.name,
                    mountPath,
                    readOnly: readOnly ?? true,
                })),
            },
        ],
        volumes: volumes.map(({ volume }) => volume),
    };
}

/** The ports of the Service in front of a pod. */
export function publishedPorts(ports: readonly ContainerPort[]): k8s.types.input.core.v1.ServicePort[] {
    return ports.flatMap(({ name, servicePort }) =>
        servicePort === undefined ? [] : [{ name, port: servicePort, targetPort: name }],
    );
}

/** A slow start is the start-up probe's business; after it a hang is noticed within 30 s. */
export function probesOf({
    port,
    live = "/healthz",
    ready = "/readyz",
    scheme,
}: HealthCheck): NonNullable<PodArgs["probes"]> {
    const probe = (path: string) => ({ httpGet: { path, port, ...(scheme && { scheme }) }, timeoutSeconds: 3 });
    return {
        startupProbe: { ...probe(live), periodSeconds: 1, failureThreshold: 60 },
        livenessProbe: { ...probe(live), periodSeconds: 10, failureThreshold: 3 },
        readinessProbe: { ...probe(ready), periodSeconds: 2 },
    };
}

function scratchAt(mountPath: string, index: number): MountedVolume {
    return { volume: { name: `scratch-${index}`, emptyDir: {} }, mountPath, readOnly: false };
}
