import { ProviderError } from "../base/errors";

/** Waits, or ends at once with an error when the user interrupts. */
export function sleep(milliseconds: number, cancelled: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        if (cancelled.aborted) return reject(interrupted());
        const finish = (): void => {
            cancelled.removeEventListener("abort", abort);
            resolve();
        };
        const timer = setTimeout(finish, milliseconds);
        const abort = (): void => {
            clearTimeout(timer);
            reject(interrupted());
        };
        cancelled.addEventListener("abort", abort, { once: true });
    });
}

function interrupted(): ProviderError {
    return new ProviderError("interrupted while waiting; what was created so far is kept");
}
