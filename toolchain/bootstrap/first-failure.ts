import { Interrupted } from "./errors";

/** Waits for all of them; the first failure stops the others through `stop` and is the one that is thrown. */
export async function allOrFirstFailure(work: readonly Promise<unknown>[], stop: AbortController): Promise<void> {
    const failures: unknown[] = [];
    const watched = work.map(async (promise) => {
        try {
            await promise;
        } catch (error) {
            failures.push(error);
            stop.abort();
        }
    });
    await Promise.all(watched);
    // What was stopped because of the first failure is no failure of its own.
    const [first = failures[0]] = failures.filter((error) => !(error instanceof Interrupted));
    if (failures.length > 0) throw first;
}
