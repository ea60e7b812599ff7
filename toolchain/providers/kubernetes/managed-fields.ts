import { equal, isObject, Json, JsonObject, objectAt, objectsAt, parseJson } from "../base/json";

/** What the server notes of who owns which fields: `FieldsV1`. */
export type Fields = JsonObject;

interface Entry extends JsonObject {
    manager: string;
    operation: string;
}

function entries(live: JsonObject): Entry[] {
    return objectsAt(live, "metadata", "managedFields").filter(
        (entry): entry is Entry => typeof entry.manager === "string" && typeof entry.operation === "string",
    );
}

/** Whether this manager made or changed the object. */
export function isManagedBy(live: JsonObject, manager: string): boolean {
    return entries(live).some((entry) => entry.manager === manager);
}

/**
 * Ownership after creation, rewritten for server-side apply; nothing when there is nothing to rewrite.
 *
 * Creation notes us as an editor of every field, defaults included. To be able to take a declared field away later we
 * must own it as one that we applied; the defaults that we never declared must not be ours, or applying without them
 * would reset them.
 */
export function adoptedFields(live: JsonObject, manager: string, declared: JsonObject): JsonObject[] | undefined {
    const all = entries(live);
    const created = all.find((entry) => entry.manager === manager && entry.operation === "Update");
    if (created === undefined || created.subresource !== undefined) return undefined;
    const applied = all.find((entry) => entry.manager === manager && entry.operation === "Apply");
    const owned = union(objectAt(applied, "fieldsV1"), within(objectAt(created, "fieldsV1"), declared));
    const others = all.filter((entry) => entry !== created && entry !== applied);
    return [...others, { ...(applied ?? created), operation: "Apply", fieldsV1: owned }];
}

/** The part of the fields that the declared object speaks of. */
export function within(fields: Fields, declared: Json): Fields {
    const kept = Object.entries(fields).flatMap(([key, below]): [string, Json][] => {
        if (key === ".") return [[key, below]];
        const value = step(key, declared);
        if (value === undefined) return [];
        const isLeaf = !isObject(below) || Object.keys(below).length === 0;
        return [[key, isLeaf ? below : within(below, value)]];
    });
    return Object.fromEntries(kept);
}

/** The declared value that a key of FieldsV1 means: `f:` a field, `k:` an element by keys, `v:` a member of a set. */
function step(key: string, declared: Json): Json | undefined {
    const content = key.slice(2);
    if (key.startsWith("f:")) return isObject(declared) ? declared[content] : undefined;
    if (!Array.isArray(declared)) return undefined;
    const wanted = parseJson(content);
    if (key.startsWith("v:")) return declared.find((item) => equal(item, wanted));
    if (!isObject(wanted)) return undefined;
    return declared.find((item) => isObject(item) && matches(item, wanted));
}

/** A key that is not declared has its default: the protocol of a port. */
function matches(item: JsonObject, keys: JsonObject): boolean {
    return Object.entries(keys).every(([key, value]) => item[key] === undefined || equal(item[key], value));
}

function union(a: Fields, b: Fields): Fields {
    const merged = { ...a };
    for (const [key, below] of Object.entries(b)) {
        const present = merged[key];
        merged[key] = isObject(present) && isObject(below) ? union(present, below) : below;
    }
    return merged;
}
