const MEBIBYTE = 1;
const GIBIBYTE = 1024 * MEBIBYTE;

/** What a server's memory, volume and clients make of its settings. */
export interface ServerSize {
    /** Limit of the container. */
    readonly memoryMiB: number;
    readonly volumeMiB: number;
    readonly maxConnections: number;
}

/** Settings of PostgreSQL that follow from its size, in MiB where they are sizes. */
export interface ServerSettings {
    readonly maxConnections: number;
    readonly sharedBuffers: number;
    readonly effectiveCacheSize: number;
    readonly maintenanceWorkMem: number;
    readonly workMem: number;
    readonly maxWalSize: number;
    readonly minWalSize: number;
}

/** What a connection's process takes before it does anything. */
export const CONNECTION_MIB = 3;
/** What the server's own processes take. */
export const BASE_MIB = 48;

/**
 * A quarter of the memory for shared buffers, as PostgreSQL's manual advises; of what the connections leave, one sort or
 * hash each. The write-ahead log may take a quarter of the volume between two checkpoints, and 1 GiB at most: what lies
 * in it is replayed after a crash.
 */
export function settingsOf({ memoryMiB, volumeMiB, maxConnections }: ServerSize): ServerSettings {
    const sharedBuffers = Math.floor(memoryMiB / 4);
    const maintenanceWorkMem = clamp(Math.floor(memoryMiB / 16), 16, GIBIBYTE);
    const left = memoryMiB - sharedBuffers - maintenanceWorkMem - BASE_MIB - maxConnections * CONNECTION_MIB;
    const maxWalSize = clamp(Math.floor(volumeMiB / 4), 64, GIBIBYTE);
    return {
        maxConnections,
        sharedBuffers,
        effectiveCacheSize: Math.floor(memoryMiB / 2),
        maintenanceWorkMem,
        workMem: clamp(Math.floor(left / maxConnections), 1, 64),
        maxWalSize,
        minWalSize: Math.min(80, maxWalSize / 2),
    };
}

/** The settings as arguments of the server. */
export function settingArguments(settings: ServerSettings): string[] {
    const { maxConnections, ...sizes } = settings;
    const pairs = Object.entries(sizes).map(([name, size]) => `${underscored(name)}=${Math.floor(size)}MB`);
    return [`max_connections=${maxConnections}`, ...pairs].flatMap((pair) => ["-c", pair]);
}

/** Connections that a memory limit bears, each with the least room to sort. */
export function mostConnections(memoryMiB: number): number {
    const left = memoryMiB - Math.floor(memoryMiB / 4) - clamp(Math.floor(memoryMiB / 16), 16, GIBIBYTE) - BASE_MIB;
    return Math.max(0, Math.floor(left / (CONNECTION_MIB + 1)));
}

/** MiB of a Kubernetes quantity of `Mi`, `Gi` or `Ti`; undefined where it is none. */
export function mebibytes(quantity: string): number | undefined {
    const [, digits, unit] = /^([1-9][0-9]{0,6})(Mi|Gi|Ti)$/.exec(quantity) ?? [];
    const factors: Readonly<Record<string, number>> = { Mi: MEBIBYTE, Gi: GIBIBYTE, Ti: 1024 * GIBIBYTE };
    const factor = factors[unit ?? ""];
    return factor === undefined ? undefined : Number(digits) * factor;
}

function clamp(value: number, least: number, most: number): number {
    return Math.min(most, Math.max(least, value));
}

function underscored(name: string): string {
    return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
