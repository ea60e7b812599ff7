import { GpuStack, resolveNvidiaGpus } from "../components/accelerators/gpu-stack";
import { GpuPool } from "../components/contracts";
import { checked } from "./checked";
import { ROOT } from "./spec";

export interface GpuInputs {
    readonly pools: readonly GpuPool[];
    readonly kubernetesVersion: string;
    readonly gpuStack: GpuStack | undefined;
    /** Image references by catalogue name. */
    readonly images: Readonly<Record<string, string>>;
}

/** What is wrong with NVIDIA's GPUs on a cluster, and the images that they need by catalogue name. Pure. */
export function resolveGpus({ pools, kubernetesVersion, gpuStack, images }: GpuInputs) {
    const args = {
        pools,
        kubernetesVersion,
        images: { references: { ...images } },
        ...(gpuStack !== undefined && { gpuStack }),
    };
    const made = checked(() => resolveNvidiaGpus(args, ROOT));
    const used = made.ok
        ? [
              ...(made.value.plugins.length > 0 ? ["nvidia-device-plugin"] : []),
              ...(pools.length > 0 ? ["dcgm-exporter"] : []),
              ...(made.value.efa ? ["efa-device-plugin"] : []),
          ]
        : [];
    return { problems: made.problems, used };
}
