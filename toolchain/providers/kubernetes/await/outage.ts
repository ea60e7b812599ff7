import { ApiError, isOutage } from "../api-error";
import { Cluster } from "../cluster";
import { sleep } from "../time";

/** What a wait reads of a cluster. */
export type Reader = Pick<Cluster, "find" | "list" | "logs">;

/** An API server that restarts is back within this time. */
const PATIENCE = 30_000;
const PAUSE = 500;

interface Patience {
    readonly cancelled: AbortSignal;
    /** Told once for each outage. */
    readonly say: (message: string) => void;
    readonly milliseconds?: number;
}

/** Reads that outlast an API server that is away for a moment: its absence says nothing about the awaited object. */
export function steadily(cluster: Reader, patience: Patience): Reader {
    return {
        find: (reference) => outlasting(() => cluster.find(reference), patience),
        list: (kind, query) => outlasting(() => cluster.list(kind, query), patience),
        logs: (...container) => outlasting(() => cluster.logs(...container), patience),
    };
}

async function outlasting<T>(read: () => Promise<T>, { cancelled, say, milliseconds }: Patience): Promise<T> {
    let until: number | undefined;
    for (;;) {
        try {
            return await read();
        } catch (error) {
            const passes = isOutage(error) || (until !== undefined && isRefusal(error));
            if (!passes || (until !== undefined && Date.now() >= until)) throw error;
            if (until === undefined) say("the API server to answer again");
            until ??= Date.now() + (milliseconds ?? PATIENCE);
            await sleep(PAUSE, cancelled);
        }
    }
}

/** A server that has just started refuses everybody until it has read its rules. */
function isRefusal(error: unknown): boolean {
    return error instanceof ApiError && (error.status === 401 || error.status === 403);
}
