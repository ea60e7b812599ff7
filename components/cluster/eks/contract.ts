import { Cluster, GpuPool, WorkloadIdentity } from "../../contracts";
import { GpuAmi } from "./args";
import { EksSpec, PoolSpec } from "./spec";

/** StorageClasses that the component makes. */
export const CLASSES = { block: "gp3", shared: "efs", parallel: "lustre" } as const;

/** Label whose value is the name of the pool. */
const POOL_LABEL = "mlp.dev/pool";

/** What other components need to know of the cluster; nothing of it has to be asked of AWS. */
export function contractOf(spec: EksSpec): Cluster {
    return {
        name: spec.clusterName,
        kubernetesVersion: spec.version,
        gpuPools: spec.gpuPools.flatMap(gpuPoolOf),
        storageClass: CLASSES.block,
        storageClasses: {
            block: CLASSES.block,
            ...(spec.storage.efs && { shared: CLASSES.shared }),
            ...(spec.storage.lustre && { parallel: CLASSES.parallel }),
        },
        workloadIdentity: WorkloadIdentity.PodIdentity,
    };
}

function gpuPoolOf({ name, max, gpu }: PoolSpec): GpuPool[] {
    if (gpu === undefined) return [];
    return [
        {
            name,
            resource: gpu.resource,
            gpusPerNode: gpu.count,
            maxNodes: max,
            nodeLabels: { [POOL_LABEL]: name },
            builtInDevicePlugin: gpu.ami === GpuAmi.Bottlerocket,
            ...(gpu.timeSlices !== undefined && { timeSlices: gpu.timeSlices }),
            ...(gpu.migProfile !== undefined && { migProfile: gpu.migProfile, allocatable: gpu.allocatable }),
            ...(gpu.efaInterfaces > 0 && { efaInterfaces: gpu.efaInterfaces }),
        },
    ];
}
