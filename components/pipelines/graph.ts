/** What each step needs to have been done before, by name. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * The cycles of a graph, each as the way around it that begins and ends with the same step; none where there are none.
 * Only steps that the graph holds are followed. Pure and deterministic.
 */
export function cyclesOf(dependencies: Dependencies): string[][] {
    const cycles: string[][] = [];
    const done = new Set<string>();
    const visit = (step: string, way: readonly string[]): void => {
        const start = way.indexOf(step);
        if (start >= 0) {
            cycles.push([...way.slice(start), step]);
            return;
        }
        if (done.has(step)) return;
        for (const needed of dependencies.get(step) ?? []) {
            if (dependencies.has(needed)) visit(needed, [...way, step]);
        }
        done.add(step);
    };
    for (const step of dependencies.keys()) visit(step, []);
    return cycles;
}
