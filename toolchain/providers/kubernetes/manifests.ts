import { isObject, Json, JsonObject, objectAt, objectsAt, stringAt } from "../base/json";

/** The objects of a YAML document, as `yaml.ConfigGroup` and `yaml.ConfigFile` (version 1) ask for them. */
export async function decodeYaml(text: string, defaultNamespace: string | undefined): Promise<Json[]> {
    const { loadAll } = await import("js-yaml");
    const documents = loadAll(text).filter(isObject);
    return documents.flatMap(expanded).map((object) => inNamespace(object, defaultNamespace));
}

function expanded(object: JsonObject): JsonObject[] {
    const isList = stringAt(object, "kind")?.endsWith("List") === true && Array.isArray(object.items);
    return isList ? objectsAt(object, "items").flatMap(expanded) : [object];
}

/** Like kubectl's `--namespace`: an object that names one keeps it. */
function inNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
    const metadata = objectAt(object, "metadata");
    if (namespace === undefined || metadata.namespace !== undefined) return object;
    return { ...object, metadata: { ...metadata, namespace } };
}
