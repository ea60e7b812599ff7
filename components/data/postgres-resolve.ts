import { ImageSource, unknownImage } from "../contracts";
import { InvalidConfiguration, Problem } from "../problems";
import { mebibytes, mostConnections, ServerSettings, settingsOf } from "./postgres-settings";

/** What is asked of a server, defaults left out. */
export interface PostgresRequest {
    readonly images: ImageSource;
    readonly volume?: { readonly size?: string };
    readonly memory?: string;
    readonly maxConnections?: number;
}

export interface PostgresSpec {
    readonly image: string;
    readonly volumeSize: string;
    readonly memory: { readonly request: string; readonly limit: string };
    readonly settings: ServerSettings;
}

const DEFAULT_VOLUME = "10Gi";
const DEFAULT_MEMORY = "1Gi";
const DEFAULT_CONNECTIONS = 100;
const LEAST_MEMORY_MIB = 256;
const LEAST_VOLUME_MIB = 256;

/**
 * Fills defaults in and derives the server's settings from its size. Pure.
 *
 * @throws InvalidConfiguration with everything that is wrong at once.
 */
export function resolvePostgres(args: PostgresRequest, name: string): PostgresSpec {
    const problems: Problem[] = [];
    const image = args.images.references.postgres;
    if (image === undefined) problems.push(unknownImage(args.images, "postgres", `${name}.images`));

    const volumeSize = args.volume?.size ?? DEFAULT_VOLUME;
    const volumeMiB = sizeOf(volumeSize, LEAST_VOLUME_MIB, `${name}.volume.size`, problems);
    const memory = args.memory ?? DEFAULT_MEMORY;
    const memoryMiB = sizeOf(memory, LEAST_MEMORY_MIB, `${name}.memory`, problems);
    const maxConnections = args.maxConnections ?? DEFAULT_CONNECTIONS;
    const most = mostConnections(memoryMiB);
    if (!Number.isInteger(maxConnections) || maxConnections < 10 || maxConnections > most) {
        problems.push({
            path: `${name}.maxConnections`,
            found: maxConnections,
            allowed: `a whole number from 10 to ${most}, which ${memory} of memory bears`,
            fix: "Raise memory, or let clients share connections in a pool.",
        });
    }
    if (problems.length > 0) throw new InvalidConfiguration(problems);
    return Object.freeze({
        image: image ?? "",
        volumeSize,
        // What it surely takes with its buffers full; the rest is for sorting, when there are clients.
        memory: { request: `${Math.floor(memoryMiB / 2)}Mi`, limit: memory },
        settings: settingsOf({ memoryMiB, volumeMiB, maxConnections }),
    });
}

/** The least size where it is none, so that what depends on it can be checked too. */
function sizeOf(quantity: string, least: number, path: string, problems: Problem[]): number {
    const size = mebibytes(quantity);
    if (size !== undefined && size >= least) return size;
    problems.push({
        path,
        found: quantity,
        allowed: `a whole number of Mi, Gi or Ti, ${least}Mi at least`,
        fix: "Write it as a Kubernetes quantity, such as 2Gi.",
    });
    return least;
}
