import { InvalidConfiguration, Problem } from "../components/problems";

/** What a check made, or what it found wrong: kept for the common list of problems. */
export type Checked<T> =
    | { readonly ok: true; readonly value: T; readonly problems: readonly [] }
    | { readonly ok: false; readonly problems: readonly Problem[] };

/** Runs a component's own checks. */
export function checked<T>(check: () => T): Checked<T> {
    try {
        return { ok: true, value: check(), problems: [] };
    } catch (error) {
        if (error instanceof InvalidConfiguration) return { ok: false, problems: error.problems };
        throw error;
    }
}
