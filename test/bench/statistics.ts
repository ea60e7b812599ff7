/** What several runs of one thing gave. */
export interface Figure {
    readonly unit: "s" | "MiB" | "bytes" | "resources" | "calls/s";
    readonly runs: number;
    readonly min: number;
    readonly median: number;
    readonly max: number;
}

export function figureOf(values: readonly number[], unit: Figure["unit"]): Figure {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (index: number) => round(sorted[index] ?? NaN);
    const half = (sorted.length - 1) / 2;
    const median = round(((sorted[Math.floor(half)] ?? NaN) + (sorted[Math.ceil(half)] ?? NaN)) / 2);
    return { unit, runs: sorted.length, min: at(0), median, max: at(sorted.length - 1) };
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work();
    return (performance.now() - began) / 1000;
}

/** One value of each run, one run after another. */
export async function repeat(runs: number, one: () => Promise<number>): Promise<number[]> {
    const values: number[] = [];
    while (values.length < runs) values.push(await one());
    return values;
}

export function round(value: number): number {
    return Math.round(value * 100) / 100;
}
