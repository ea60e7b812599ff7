import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { isObject, Json, JsonObject, Path, UNKNOWN } from "./json";
import { structOf, structValue } from "./struct";

/** A resource's properties together with the paths of those that are secret. */
export interface Properties {
    readonly value: JsonObject;
    readonly secrets: readonly Path[];
}

export const NO_PROPERTIES: Properties = { value: {}, secrets: [] };

// The engine's wire format: these three constants are its protocol.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The engine has one placeholder per type of unknown value; only that it is unknown matters here. */
const UNKNOWNS: ReadonlySet<string> = new Set([
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads properties off the wire: secrets unwrapped and remembered by path, unknowns made one. */
export function decode(struct: Struct | undefined): Properties {
    if (struct === undefined) return NO_PROPERTIES;
    const secrets: Path[] = [];
    const value = unwrap(structValue(struct), [], secrets);
    return { value: isObject(value) ? value : {}, secrets };
}

function unwrap(value: Json, path: Path, secrets: Path[]): Json {
    if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map((item, index) => unwrap(item, [...path, index], secrets));
    if (!isObject(value)) return value;
    if (value[SIGNATURE] === SECRET) {
        secrets.push(path);
        return unwrap(value.value ?? null, path, secrets);
    }
    if (value[SIGNATURE] === OUTPUT_VALUE) {
        if (value.secret === true) secrets.push(path);
        return "value" in value ? unwrap(value.value ?? null, path, secrets) : UNKNOWN;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item, [...path, key], secrets)]));
}

/** Writes properties for the wire; a secret path that leads nowhere is ignored. */
export function encode({ value, secrets }: Properties): Struct {
    const marks = marked(value, secrets);
    return structOf(isObject(marks) ? marks : {});
}

function marked(value: Json, secrets: readonly Path[]): Json {
    // A secret inside a secret is one secret: the outer mark covers it.
    if (secrets.some((path) => path.length === 0)) return { [SIGNATURE]: SECRET, value: marked(value, []) };
    if (Array.isArray(value)) return value.map((item, index) => marked(item, below(secrets, index)));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).filter(([, item]) => (item as Json | undefined) !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, marked(item, below(secrets, key))]));
}

function below(secrets: readonly Path[], step: string | number): readonly Path[] {
    return secrets.length === 0 ? secrets : secrets.filter((path) => path[0] === step).map((path) => path.slice(1));
}
