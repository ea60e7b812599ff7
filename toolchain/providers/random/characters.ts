import { randomInt } from "node:crypto";

import { JsonObject, numberAt, stringAt } from "../base/json";
import { CheckFailure } from "../base/provider";

/** The four classes of characters, each with its switch, its minimum and its members. */
const CLASSES = [
    { use: "lower", minimum: "minLower", members: "abcdefghijklmnopqrstuvwxyz" },
    { use: "upper", minimum: "minUpper", members: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { use: "numeric", minimum: "minNumeric", members: "0123456789" },
    { use: "special", minimum: "minSpecial", members: "!@#$%&*()-_=+[]{}<>:?" },
] as const;

export const CHARACTER_DEFAULTS = {
    lower: true,
    upper: true,
    numeric: true,
    number: true,
    special: true,
    minLower: 0,
    minUpper: 0,
    minNumeric: 0,
    minSpecial: 0,
};

interface Allowed {
    readonly minimum: number;
    readonly members: string;
}

function allowed(inputs: JsonObject): Allowed[] {
    // `number` is the old name of `numeric`; either switches the digits off.
    const numeric = inputs.numeric !== false && inputs.number !== false;
    return CLASSES.filter(({ use }) => (use === "numeric" ? numeric : inputs[use] !== false)).map(
        ({ use, minimum, members }) => ({
            minimum: numberAt(inputs, minimum) ?? 0,
            members: (use === "special" ? stringAt(inputs, "overrideSpecial") : undefined) ?? members,
        }),
    );
}

/** What is wrong with a request for random characters. */
export function characterFailures(inputs: JsonObject): CheckFailure[] {
    const classes = allowed(inputs);
    const length = numberAt(inputs, "length") ?? 0;
    const least = classes.reduce((total, { minimum }) => total + minimum, 0);
    if (classes.length === 0) {
        return [{ property: "special", reason: "one of lower, upper, numeric and special must be true" }];
    }
    if (!Number.isInteger(length) || length < Math.max(1, least)) {
        const reason = `${length} is not allowed: a whole number, at least 1 and at least the sum of the minimums (${least})`;
        return [{ property: "length", reason }];
    }
    return [];
}

/** Random characters that keep every minimum, in an order that tells nothing about the classes. */
export function randomCharacters(inputs: JsonObject): string {
    const classes = allowed(inputs);
    const length = numberAt(inputs, "length") ?? 0;
    const everything = classes.map(({ members }) => members).join("");
    const chosen = classes.flatMap(({ minimum, members }) => Array.from({ length: minimum }, () => pick(members)));
    while (chosen.length < length) chosen.push(pick(everything));
    return shuffled(chosen).join("");
}

export function pick<T>(from: ArrayLike<T>): T {
    const chosen = from[randomInt(from.length)];
    if (chosen === undefined) throw new RangeError("nothing to pick from");
    return chosen;
}

function shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(randomInt(left.length), 1)).flat();
}
