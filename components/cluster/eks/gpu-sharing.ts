import { EksGpuPoolArgs, GpuAmi, GpuSharingArgs } from "./args";
import type { Gpu } from "./gpus";
import type { InstanceType } from "./instance-types";
import type { Checks } from "./resolve-checks";
import type { PoolGpuSpec } from "./spec";

const GPU = "nvidia.com/gpu";

/** What a node of the pool offers; types are not empty and have GPUs. */
export function resolveGpus(
    { efa, sharing }: EksGpuPoolArgs,
    types: readonly InstanceType[],
    ami: GpuAmi,
    checks: Checks,
): PoolGpuSpec {
    types.forEach(({ name, gpu }, index) => {
        if (gpu?.driver === "595") {
            const allowed = "types that the driver of EKS's images serves: it is 580, and this one needs 595";
            checks.wrong(`instanceTypes[${index}]`, name, allowed, "Take g6, g6e or g7e, or wait for an image.");
        }
    });
    const gpus = types.flatMap(({ gpu }) => gpu ?? []);
    const count = types[0]?.gpus ?? 0;
    const shared = resolveSharing(sharing ?? {}, gpus, ami, checks.at("sharing"));
    return {
        ami,
        count,
        product: [...new Set(gpus.map(({ product }) => product))].join(", "),
        memoryGiB: Math.floor(Math.min(...gpus.map(({ memoryMiB }) => memoryMiB)) / 1024),
        allocatable: count * shared.perGpu,
        resource: shared.resource,
        efaInterfaces: efa ? resolveEfa(types, checks) : 0,
        ...(sharing?.timeSlices === undefined ? {} : { timeSlices: sharing.timeSlices }),
        ...(sharing?.migProfile === undefined ? {} : { migProfile: sharing.migProfile }),
    };
}

/** Interfaces of a node: the same for all types, since one launch template lists them. */
function resolveEfa(types: readonly InstanceType[], checks: Checks): number {
    const least = Math.min(...types.map(({ efaInterfaces }) => efaInterfaces));
    types.forEach(({ name, efaInterfaces }, index) => {
        if (efaInterfaces === 0) {
            const fix = "Take a larger size, or leave efa out.";
            checks.wrong(`instanceTypes[${index}]`, name, "types with Elastic Fabric Adapters", fix);
        } else if (least > 0 && efaInterfaces > least) {
            const allowed = `types with ${least} interfaces, as the others (this one has ${efaInterfaces})`;
            checks.wrong(`instanceTypes[${index}]`, name, allowed, "Make a pool of its own for it.");
        }
    });
    return least;
}

function resolveSharing(
    { timeSlices, migProfile }: GpuSharingArgs,
    gpus: readonly Gpu[],
    ami: GpuAmi,
    checks: Checks,
): { perGpu: number; resource: string } {
    if (timeSlices !== undefined && migProfile !== undefined) {
        const fix = "Time-slicing shares without limits, MIG cuts with them: choose one.";
        checks.wrong("timeSlices", timeSlices, "left out where migProfile is given", fix);
    }
    if (timeSlices !== undefined) checks.whole("timeSlices", timeSlices, 2, 48);
    if (migProfile === undefined) return { perGpu: timeSlices ?? 1, resource: GPU };
    // Every type has to cut alike: a pod that fits one node fits all.
    const profiles = Object.keys(gpus[0]?.mig ?? {}).filter((profile) =>
        gpus.every(({ mig }) => Object.hasOwn(mig, profile)),
    );
    if (!profiles.includes(migProfile)) {
        const products = [...new Set(gpus.map(({ product }) => product))].join(" and ");
        const allowed = profiles.length > 0 ? profiles.join(", ") : `none: ${products} cannot be partitioned alike`;
        checks.wrong("migProfile", migProfile, allowed, "Name a profile of the GPU, or take another instance type.");
    } else if (ami !== GpuAmi.Bottlerocket && timeSlices === undefined) {
        const allowed = `left out with ${ami}: nothing in that image cuts a GPU, and no node would offer a partition`;
        checks.wrong("migProfile", migProfile, allowed, `Set ami to ${GpuAmi.Bottlerocket}, whose settings cut GPUs.`);
    }
    return { perGpu: gpus[0]?.mig[migProfile] ?? 1, resource: `nvidia.com/mig-${migProfile}` };
}
