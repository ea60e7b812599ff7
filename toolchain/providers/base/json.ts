/** A value as it travels between the engine and a provider, secrets unwrapped and unknowns as {@link UNKNOWN}. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
    [key: string]: Json;
}

/** One step into a value: a key of an object or an index of a list. */
export type Step = string | number;
export type Path = readonly Step[];

/** Stands for a value that is not known before an update, whatever its type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isObject(value: unknown): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function containsUnknown(value: Json | undefined): boolean {
    if (value === UNKNOWN) return true;
    if (typeof value !== "object" || value === null) return false;
    return Object.values(value).some(containsUnknown);
}

/** Deep equality that ignores the order of keys. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
    if (a === b) return true;
    if (Array.isArray(a) && Array.isArray(b)) {
        return a.length === b.length && a.every((item, index) => equal(item, b[index]));
    }
    if (!isObject(a) || !isObject(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** The value at a path, or nothing where the path leads nowhere. */
export function at(value: Json | undefined, ...path: Path): Json | undefined {
    let here = value;
    for (const step of path) {
        if (Array.isArray(here) && typeof step === "number") here = here[step];
        else if (isObject(here)) here = here[String(step)];
        else return undefined;
    }
    return here;
}

/** The object at a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: Path): JsonObject {
    const found = at(value, ...path);
    return isObject(found) ? found : {};
}

/** The objects of the list at a path; none where there is no list. */
export function objectsAt(value: Json | undefined, ...path: Path): JsonObject[] {
    const found = at(value, ...path);
    return Array.isArray(found) ? found.filter(isObject) : [];
}

/** The string at a path, or nothing. An unknown is no string. */
export function stringAt(value: Json | undefined, ...path: Path): string | undefined {
    const found = at(value, ...path);
    return typeof found === "string" && found !== UNKNOWN ? found : undefined;
}

/** The number at a path, or nothing. */
export function numberAt(value: Json | undefined, ...path: Path): number | undefined {
    const found = at(value, ...path);
    return typeof found === "number" ? found : undefined;
}

/** The object without these keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
    return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Parses the text of a JSON document. */
export function parseJson(text: string): Json {
    return JSON.parse(text) as Json;
}

/** A deep copy. */
export function copy<T extends Json>(value: T): T {
    return structuredClone(value);
}
