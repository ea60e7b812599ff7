import { equal, isObject, Json, JsonObject, Step } from "../base/json";

/** Lists that the server merges element by element, and the fields that tell their elements apart. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
    ports: ["containerPort", "port", "protocol"],
    volumeMounts: ["mountPath"],
    volumeDevices: ["devicePath"],
    hostAliases: ["ip"],
    topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
    ownerReferences: ["uid"],
    conditions: ["type"],
    webhooks: ["name"],
    versions: ["name"],
};

/** The element of another list that is the same as this one, whatever its place. */
export function matchingElement(
    list: readonly Json[],
    element: Json,
    index: number,
    name: Step | undefined,
): Json | undefined {
    if (!isObject(element)) return list[index];
    const keys = keysOf(element, name);
    if (keys.length === 0) return list[index];
    return list.find((candidate) => isObject(candidate) && keys.every((key) => sameKey(candidate, element, key)));
}

function keysOf(element: JsonObject, name: Step | undefined): readonly string[] {
    const known = typeof name === "string" ? LIST_KEYS[name] : undefined;
    // Most other lists of objects, custom resources' included, are told apart by a name.
    return (known ?? ["name"]).filter((key) => element[key] !== undefined);
}

/** Whether the elements of this list have a place of their own, so that a longer list still holds them. */
export function isKeyed(list: readonly Json[], name: Step | undefined): boolean {
    return list.length > 0 && list.every((element) => isObject(element) && keysOf(element, name).length > 0);
}

function sameKey(a: JsonObject, b: JsonObject, key: string): boolean {
    return equal(a[key], b[key]);
}
