import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GpuPool, imageOf, ImageSource } from "../contracts";
import { podSecurityLabels } from "../kubernetes/hardening";
import { daemonSetOf, NAMESPACE_WAIVER, POLICY_WAIVER } from "./simulated";

export { GpuStack, resolveNvidiaGpus } from "./gpu-stack";
export { NvidiaGpus } from "./nvidia";
export type { NvidiaGpusArgs } from "./nvidia";

export interface SimulatedGpusArgs {
    /** Must hold `simulated-gpu-plugin`. */
    images: ImageSource;
    /** The pool whose GPUs are simulated on every node that carries its labels. */
    pool: GpuPool;
}

/**
 * Simulated GPUs: a device plugin of ours over the kubelet's own socket. Allocation, health and per-container device
 * ids are real; there is no device behind them, and nothing computes faster. For local clusters only.
 *
 * @see https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
 */
export class SimulatedGpus extends pulumi.ComponentResource {
    constructor(name: string, args: SimulatedGpusArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:SimulatedGpus", name, {}, opts);
        const { images, pool } = args;
        const image = imageOf(images, "simulated-gpu-plugin", `${name}.images`);

        const namespace = new k8s.core.v1.Namespace(
            name,
            {
                metadata: {
                    name,
                    labels: podSecurityLabels("privileged"),
                    annotations: { "mlp.dev/policy-waiver": NAMESPACE_WAIVER },
                },
            },
            { parent: this },
        );
        new k8s.apps.v1.DaemonSet(
            name,
            {
                metadata: {
                    name,
                    namespace: namespace.metadata.name,
                    annotations: { "mlp.dev/policy-waiver": POLICY_WAIVER },
                },
                spec: daemonSetOf(name, image, pool),
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
