import { Architecture, GPU_FAMILIES } from "./gpu-families";
import type { Gpu } from "./gpus";
import { SYSTEM_FAMILIES } from "./system-families";

/** What the prices of the table are. */
export const PRICES = { region: "us-east-1", day: "2026-07-20", currency: "USD" } as const;

/** What is known of an EC2 type. */
export interface InstanceType {
    readonly name: string;
    readonly family: string;
    readonly architecture: Architecture;
    readonly vcpu: number;
    readonly memoryGiB: number;
    /** Nothing where the type has no GPU. */
    readonly gpu?: Gpu;
    /** Physical GPUs. */
    readonly gpus: number;
    readonly efaInterfaces: number;
    /** Undefined where us-east-1 does not sell the type by the hour. */
    readonly usdPerHour?: number;
}

const TYPES: ReadonlyMap<string, InstanceType> = new Map(
    Object.entries({ ...GPU_FAMILIES, ...SYSTEM_FAMILIES }).flatMap(([family, { architecture, gpu, sizes }]) =>
        Object.entries(sizes).map(([size, facts]): [string, InstanceType] => {
            const { vcpu, memoryGiB, usdPerHour, gpus = 0, efa = 0 } = facts;
            const name = `${family}.${size}`;
            const price = usdPerHour === undefined ? {} : { usdPerHour };
            const known = { name, family, architecture, vcpu, memoryGiB, gpus, efaInterfaces: efa, ...price };
            return [name, Object.freeze(gpu === undefined ? known : { ...known, gpu })];
        }),
    ),
);

export function instanceType(name: string): InstanceType | undefined {
    return TYPES.get(name);
}

/** Names of the types with GPUs, or of those without. */
export function instanceTypeNames({ withGpu }: { withGpu: boolean }): readonly string[] {
    return [...TYPES.values()].filter(({ gpu }) => (gpu !== undefined) === withGpu).map(({ name }) => name);
}

/** Pods that AWS recommends at most for a node when addresses come in /28 prefixes. */
export function maxPods({ vcpu }: InstanceType): number {
    return vcpu < 30 ? 110 : 250;
}
