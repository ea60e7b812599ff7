import { GpuPool } from "../contracts";
import { Problem } from "../problems";
import { NotebookProfile } from "./args";

/** As long as a value of a label may be. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const CORES = /^([1-9]\d*(\.\d+)?|0\.\d*[1-9]\d*|[1-9]\d*m)$/;
const BYTES = /^([1-9]\d*)([KMGT]i)$/;

/** What is wrong with profiles. Pure. */
export function profileProblems(
    profiles: readonly NotebookProfile[],
    pools: readonly GpuPool[],
    culling: { readonly idleSeconds: number },
    path: string,
): Problem[] {
    if (profiles.length === 0) {
        const fix = "Add a profile, or leave profiles out for the defaults.";
        return [{ path, found: profiles, allowed: "at least one profile", fix }];
    }
    return profiles.flatMap((profile, index) => [
        ...nameProblems(profiles, index, `${path}[${index}].name`),
        ...sizeProblems(profile, `${path}[${index}]`),
        ...gpuProblems(profile, pools, `${path}[${index}]`),
        ...idleProblems(profile, culling.idleSeconds, `${path}[${index}]`),
    ]);
}

/** A whole number from `least` on. */
export function wholeNumber(found: number, least: number, path: string): Problem[] {
    if (Number.isInteger(found) && found >= least) return [];
    return [{ path, found, allowed: `a whole number from ${least} on`, fix: "Correct it." }];
}

function nameProblems(profiles: readonly NotebookProfile[], index: number, path: string): Problem[] {
    const found = profiles[index]?.name ?? "";
    if (!NAME.test(found)) {
        return [{ path, found, allowed: "lower-case letters, digits and dashes", fix: "Give it another name." }];
    }
    if (profiles.findIndex(({ name }) => name === found) === index) return [];
    return [{ path, found, allowed: "a name that no other profile has", fix: "Rename one of the two." }];
}

function sizeProblems({ cpu, cpuLimit, memory, memoryLimit }: NotebookProfile, path: string): Problem[] {
    const cores = [["cpu", cpu] as const, ...(cpuLimit === undefined ? [] : [["cpuLimit", cpuLimit] as const])];
    const bytes = [
        ["memory", memory] as const,
        ...(memoryLimit === undefined ? [] : [["memoryLimit", memoryLimit] as const]),
    ];
    const wrong = [
        ...cores.filter(([, found]) => !CORES.test(found)).map((one) => [...one, "cores, such as 500m or 2"] as const),
        ...bytes.filter(([, found]) => !BYTES.test(found)).map((one) => [...one, "memory, such as 4Gi"] as const),
    ];
    if (wrong.length > 0) {
        return wrong.map(([key, found, allowed]) => ({ path: `${path}.${key}`, found, allowed, fix: "Correct it." }));
    }
    return [
        ...atLeast(coresOf(cpuLimit ?? cpu), coresOf(cpu), cpuLimit, `${path}.cpuLimit`, `cpu, ${cpu}`),
        ...atLeast(bytesOf(memoryLimit ?? memory), bytesOf(memory), memoryLimit, `${path}.memoryLimit`, memory),
    ];
}

function atLeast(amount: number, least: number, found: string | undefined, path: string, what: string): Problem[] {
    if (amount >= least) return [];
    return [{ path, found, allowed: `at least ${what}, what the notebook requests`, fix: "Raise it, or lower that." }];
}

function gpuProblems({ gpuPool, gpus, gpuIdleSeconds }: NotebookProfile, pools: readonly GpuPool[], path: string) {
    if (gpuPool === undefined) {
        const [key, found] = gpus !== undefined ? ["gpus", gpus] : ["gpuIdleSeconds", gpuIdleSeconds];
        if (found === undefined) return [];
        const allowed = "left out where gpuPool is: the profile has no GPU";
        return [{ path: `${path}.${key}`, found, allowed, fix: "Name the pool, or take this out." }];
    }
    const pool = pools.find(({ name }) => name === gpuPool);
    if (pool === undefined) {
        const allowed = `one of ${pools.map(({ name }) => name).join(", ") || "no pools, the cluster has none"}`;
        return [{ path: `${path}.gpuPool`, found: gpuPool, allowed, fix: "Name a pool of the cluster." }];
    }
    const most = pool.gpusPerNode * (pool.timeSlices ?? 1);
    const count = gpus ?? 1;
    if (Number.isInteger(count) && count >= 1 && count <= most) return [];
    const allowed = `1 to ${most}, what a node of the pool has`;
    return [{ path: `${path}.gpus`, found: count, allowed, fix: "A notebook runs on one node." }];
}

function idleProblems({ idleSeconds, gpuIdleSeconds }: NotebookProfile, shared: number, path: string): Problem[] {
    const problems = [
        ...(idleSeconds === undefined ? [] : wholeNumber(idleSeconds, 30, `${path}.idleSeconds`)),
        ...(gpuIdleSeconds === undefined ? [] : wholeNumber(gpuIdleSeconds, 30, `${path}.gpuIdleSeconds`)),
    ];
    const most = idleSeconds ?? shared;
    if (gpuIdleSeconds === undefined || gpuIdleSeconds <= most) return problems;
    const allowed = `at most ${most}, after which the notebook is stopped anyway`;
    return [...problems, { path: `${path}.gpuIdleSeconds`, found: gpuIdleSeconds, allowed, fix: "Lower it." }];
}

function coresOf(text: string): number {
    return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
}

function bytesOf(text: string): number {
    const [, digits = "0", unit = "Ki"] = BYTES.exec(text) ?? [];
    return Number(digits) * 1024 ** ("KMGT".indexOf(unit.charAt(0)) + 1);
}
