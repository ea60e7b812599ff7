import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GpuPool, ImageSource } from "../contracts";
import { podSecurityLabels } from "../kubernetes/hardening";
import { devicePlugin, MIG_WAIVERS, PLUGIN_WAIVERS, pluginConfiguration } from "./device-plugin";
import { EFA_WAIVERS, efaPlugin } from "./efa";
import { exporter, EXPORTER_WAIVERS, exporterCounters, METRICS_PORT } from "./exporter";
import { GpuStack, PluginPool, resolveNvidiaGpus } from "./gpu-stack";
import { daemonSetOf, labelsOf, NodeAgent, Waivers, waiversOf } from "./node-agent";

export interface NvidiaGpusArgs {
    /** Must hold `nvidia-device-plugin`, `dcgm-exporter` and `efa-device-plugin`, each where a pool needs it. */
    images: ImageSource;
    /** The cluster's GPU pools. Their nodes have NVIDIA's driver and container runtime, and `nvidia.com/gpu.present=true`. */
    pools: GpuPool[];
    /** Minor version of the cluster, such as `1.36`: DRA needs 1.34. */
    kubernetesVersion: string;
    /** Default: for each pool what its nodes lack: the device plugin, or nothing where it is built in. */
    gpuStack?: GpuStack;
}

/**
 * What makes NVIDIA's GPUs schedulable and measured: a device plugin for every pool without one, EFA's device plugin
 * where there are adapters, and DCGM's metrics.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin
 * @see https://github.com/NVIDIA/dcgm-exporter
 */
export class NvidiaGpus extends pulumi.ComponentResource {
    /** Namespace of it all. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: NvidiaGpusArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:NvidiaGpus", name, {}, opts);
        const spec = resolveNvidiaGpus(args, name);
        const why = "device plugins mount the kubelet's socket, which no other level allows";
        const metadata = {
            name,
            labels: podSecurityLabels("privileged"),
            annotations: waiversOf({ "namespace-pod-security": why }),
        };
        this.namespace = new k8s.core.v1.Namespace(name, { metadata }, { parent: this }).metadata.name;
        this.isolate(name);

        for (const pool of spec.plugins) this.plugin(`${name}-${pool.pool}`, spec.images.plugin, pool);
        if (spec.efa) this.agent(efaPlugin(`${name}-efa`, spec.images.efa), EFA_WAIVERS);
        if (args.pools.length > 0) this.metrics(`${name}-exporter`, spec.images.exporter);
        this.registerOutputs({ namespace: this.namespace });
    }

    private plugin(name: string, image: string, pool: PluginPool): void {
        const files = this.files(name, pluginConfiguration(pool));
        const waivers = pool.migStrategy === "none" ? PLUGIN_WAIVERS : MIG_WAIVERS;
        this.agent(devicePlugin(name, image, pool, files), waivers);
    }

    private metrics(name: string, image: string): void {
        const agent = exporter(name, image, this.files(name, exporterCounters()));
        this.agent(agent, EXPORTER_WAIVERS);
        const metadata = { name, namespace: this.namespace, labels: labelsOf(agent) };
        const ports = [{ name: "metrics", port: METRICS_PORT, targetPort: "metrics" }];
        // Pulumi would wait for an endpoint, and there is none while no node has a GPU.
        const unawaited = { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
        new k8s.core.v1.Service(
            name,
            { metadata: unawaited, spec: { selector: labelsOf(agent), ports } },
            { parent: this },
        );
        new k8s.networking.v1.NetworkPolicy(
            name,
            {
                metadata,
                spec: {
                    podSelector: { matchLabels: labelsOf(agent) },
                    policyTypes: ["Ingress"],
                    ingress: [{ ports: [{ port: METRICS_PORT, protocol: "TCP" }] }],
                },
            },
            { parent: this },
        );
    }

    /** Nobody here needs the network: device plugins speak over a socket. Metrics are let through apart. */
    private isolate(name: string): void {
        const metadata = { name, namespace: this.namespace };
        const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
        new k8s.networking.v1.NetworkPolicy(name, { metadata, spec }, { parent: this });
    }

    /** Named anew when it changes, so that the pods that read it are replaced. */
    private files(name: string, data: { [file: string]: string }): k8s.core.v1.ConfigMap {
        return new k8s.core.v1.ConfigMap(name, { metadata: { namespace: this.namespace }, data }, { parent: this });
    }

    private agent(agent: NodeAgent, waivers: Waivers): void {
        const metadata = {
            name: agent.name,
            namespace: this.namespace,
            labels: labelsOf(agent),
            annotations: waiversOf(waivers),
        };
        new k8s.apps.v1.DaemonSet(agent.name, { metadata, spec: daemonSetOf(agent) }, { parent: this });
    }
}
