/** Wrong passwords in a row that cost nothing. */
const FREE = 5;
/** The first pause after those; each further one is twice as long, up to the longest. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Names are the guesser's choice: so many are remembered, the oldest forgotten first. */
const REMEMBERED = 10_000;

interface Record {
    failures: number;
    until: number;
}

/**
 * Slows the guessing of passwords down, by the name that is tried: addresses say nothing behind a gateway, and a guesser
 * has many.
 */
export class Attempts {
    private readonly records = new Map<string, Record>();

    constructor(private readonly now: () => number = Date.now) {}

    /** Seconds until the name may be tried again; 0: now. */
    waitOf(name: string): number {
        const record = this.records.get(name);
        return record === undefined ? 0 : Math.max(0, Math.ceil((record.until - this.now()) / 1000));
    }

    failed(name: string): void {
        const failures = (this.records.get(name)?.failures ?? 0) + 1;
        const pause = failures < FREE ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - FREE), LONGEST_PAUSE_MS);
        this.records.delete(name);
        this.records.set(name, { failures, until: this.now() + pause });
        const [oldest] = this.records.keys();
        if (this.records.size > REMEMBERED && oldest !== undefined) this.records.delete(oldest);
    }

    succeeded(name: string): void {
        this.records.delete(name);
    }
}
