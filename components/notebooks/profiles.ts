import { GpuPool } from "../contracts";
import { NotebookProfile } from "./args";

/** A small one, a larger one, and one for each pool of GPUs. Pure. */
export function defaultProfiles(pools: readonly GpuPool[]): NotebookProfile[] {
    return [
        { name: "small", title: "Small", cpu: "250m", memory: "512Mi", memoryLimit: "2Gi" },
        { name: "cpu", title: "Large", cpu: "2", memory: "4Gi", memoryLimit: "8Gi" },
        ...pools.map(({ name }) => ({
            name: `gpu-${name}`,
            title: `GPU of ${name}`,
            cpu: "1",
            memory: "4Gi",
            memoryLimit: "16Gi",
            gpuPool: name,
        })),
    ];
}
