/** What a bench may be made of. */
export const SUITES = ["local", "aws", "services"] as const;
export type Suite = (typeof SUITES)[number];

export interface Wanted {
    readonly suite: Suite;
    readonly runs: number;
}

const DEFAULT_RUNS = 3;

/** Reads `[local|aws|services] [RUNS]`, in any order. Pure. */
export function wantedBy(words: readonly string[]): Wanted {
    const suites = words.filter(isSuite);
    const numbers = words.filter((word) => /^[1-9]\d*$/.test(word));
    const understood = suites.length + numbers.length === words.length && suites.length <= 1 && numbers.length <= 1;
    if (!understood) throw new Error(`npm run bench -- [${SUITES.join("|")}] [RUNS]: not ${words.join(" ")}`);
    return { suite: suites[0] ?? "local", runs: Number(numbers[0] ?? DEFAULT_RUNS) };
}

function isSuite(word: string): word is Suite {
    return (SUITES as readonly string[]).includes(word);
}
