import { equal, isObject, Json, JsonObject, Path } from "../base/json";
import { isKeyed, matchingElement } from "./list-keys";
import { sameQuantity } from "./quantity";

/**
 * The inputs as they would have to be written to describe the live object.
 *
 * A declared value gives way to the live one only where the live one has moved since the last state. What the server
 * merely writes in its own way (`1000m` as `1`) or adds by default therefore never counts as drift, and what nobody
 * declared is left alone.
 */
export function driftedInputs(inputs: JsonObject, before: JsonObject, now: JsonObject): JsonObject {
    const drifted = drift(inputs, before, now, []);
    return isObject(drifted) ? drifted : inputs;
}

function drift(input: Json, before: Json | undefined, now: Json | undefined, path: Path): Json | undefined {
    // Gone from the object although it was there: somebody removed it. Never there: the server drops empty values.
    if (now === undefined) return before === undefined ? input : undefined;
    if (isObject(input) && isObject(now)) {
        const known = isObject(before) ? before : {};
        const entries = Object.entries(input).map(
            ([key, value]) => [key, drift(value, known[key], now[key], [...path, key])] as const,
        );
        return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
    }
    if (Array.isArray(input) && Array.isArray(now) && isKeyed(input, path.at(-1))) {
        return driftedList(input, Array.isArray(before) ? before : [], now, path);
    }
    return equal(before, now) || equal(input, now) || sameQuantity(path, input, now) || covers(now, input, path)
        ? input
        : now;
}

function driftedList(input: readonly Json[], before: readonly Json[], now: readonly Json[], path: Path): Json[] {
    const name = path.at(-1);
    return input.flatMap((element, index) => {
        const known = matchingElement(before, element, index, name);
        const live = matchingElement(now, element, index, name);
        const drifted = drift(element, known, live, [...path, index]);
        return drifted === undefined ? [] : [drifted];
    });
}

/** What a live object says about the things that are declared, written as they are declared where it means the same. */
export function described(declared: Json, live: Json | undefined, path: Path = []): Json | undefined {
    if (covers(live, declared, path)) return declared;
    if (isObject(declared) && isObject(live)) {
        const entries = Object.entries(declared).map(
            ([key, value]) => [key, described(value, live[key], [...path, key])] as const,
        );
        return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
    }
    if (Array.isArray(declared) && Array.isArray(live) && isKeyed(declared, path.at(-1))) {
        return declared.flatMap((element, index) => {
            const found = matchingElement(live, element, index, path.at(-1));
            return described(element, found, [...path, index]) ?? [];
        });
    }
    return live;
}

/** Whether a live value holds everything that is declared, in any order and with more beside it. */
export function covers(live: Json | undefined, declared: Json, path: Path): boolean {
    if (live !== undefined && (equal(live, declared) || sameQuantity(path, live, declared))) return true;
    if (isObject(declared) && isObject(live)) {
        return Object.entries(declared).every(([key, value]) => covers(live[key], value, [...path, key]));
    }
    if (Array.isArray(declared) && Array.isArray(live)) {
        if (!isKeyed(declared, path.at(-1)) && declared.length !== live.length) return false;
        return declared.every((element, index) =>
            covers(matchingElement(live, element, index, path.at(-1)), element, [...path, index]),
        );
    }
    // The server leaves empty values out.
    return live === undefined && isEmpty(declared);
}

function isEmpty(value: Json): boolean {
    if (Array.isArray(value)) return value.length === 0;
    return isObject(value) ? Object.keys(value).length === 0 : value === "";
}
