import { at, isObject, Json, JsonObject, objectAt, Path, stringAt, without } from "../base/json";
import { Properties } from "../base/properties";
import { isSecret } from "./check";
import { fieldManager } from "./objects";

const MANAGER = "__fieldManager";
const INPUTS = "__inputs";
const INITIAL_VERSION = "__initialApiVersion";

/** The manager under which this resource owns its fields, also after the resource was renamed. */
export function managerOf(outputs: JsonObject, urn: string): string {
    return stringAt(outputs, MANAGER) ?? fieldManager(urn);
}

/** A live object as the state keeps it: without the server's bookkeeping, with everything secret marked. */
export function outputsOf(live: JsonObject, inputs: Properties, manager: string, before?: JsonObject): Properties {
    const metadata = without(objectAt(live, "metadata"), "managedFields");
    const initial = stringAt(before, INITIAL_VERSION) ?? stringAt(inputs.value, "apiVersion") ?? "";
    const value = { ...live, metadata, [MANAGER]: manager, [INITIAL_VERSION]: initial };
    return { value, secrets: secretPaths(value, inputs) };
}

/**
 * Outputs that remember what was declared. After an update that did not succeed the engine keeps the inputs of before,
 * although the object has the new ones.
 */
export function rememberingInputs(outputs: Properties, inputs: Properties): Properties {
    const below = inputs.secrets.map((path) => [INPUTS, ...path]);
    return { value: { ...outputs.value, [INPUTS]: inputs.value }, secrets: [...outputs.secrets, ...below] };
}

/** What was declared last, as far as the state knows. */
export function declaredInputs(inputs: Properties, outputs: Properties): Properties {
    const remembered = outputs.value[INPUTS];
    if (!isObject(remembered)) return inputs;
    const secrets = outputs.secrets.filter(([first]) => first === INPUTS).map((path) => path.slice(1));
    return { value: remembered, secrets: [...inputs.secrets, ...secrets] };
}

/** Secret are the declared paths, every place where one of their values turns up again, and a Secret's contents. */
export function secretPaths(value: JsonObject, inputs: Properties): Path[] {
    const secrets = new Set(inputs.secrets.flatMap((path) => leaves(at(inputs.value, ...path))));
    const found = secrets.size === 0 ? [] : occurrences(value, secrets, []);
    const contents: Path[] = isSecret(value) ? [["data"], ["metadata", "annotations", LAST_APPLIED]] : [];
    return [...contents, ...inputs.secrets, ...found];
}

/** kubectl writes the whole object here, a Secret's data too. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function leaves(value: Json | undefined): string[] {
    if (typeof value === "string") return value.length >= 4 ? [value] : [];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function occurrences(value: Json, secrets: ReadonlySet<string>, path: Path): Path[] {
    if (typeof value === "string") return secrets.has(value) ? [path] : [];
    if (Array.isArray(value)) return value.flatMap((item, index) => occurrences(item, secrets, [...path, index]));
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([key, item]) => occurrences(item, secrets, [...path, key]));
}
