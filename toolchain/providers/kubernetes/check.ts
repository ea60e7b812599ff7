import { createHash, randomBytes } from "node:crypto";

import { isObject, Json, JsonObject, objectAt, Path, stringAt, UNKNOWN } from "../base/json";
import { Properties } from "../base/properties";
import { CheckFailure, CheckRequest, CheckResult } from "../base/provider";
import { isPatchType, kindOfType, withoutNulls } from "./objects";

/** Marks an object whose name was made up, and may be made up again when it is replaced. */
export const AUTONAMED = "pulumi.com/autonamed";

/** Completes and checks the inputs of one resource. Pure, but for the randomness of a new name. */
export function checkObject(request: CheckRequest): CheckResult {
    const { apiVersion, kind } = kindOfType(request.type);
    const news = withoutNulls(request.news.value) as JsonObject;
    const given: JsonObject = { ...news, apiVersion: news.apiVersion ?? apiVersion, kind: news.kind ?? kind };
    const failures = shapeFailures(given, request);
    if (failures.length > 0) return { inputs: request.news, failures };
    const { object, secrets } = sealed({ value: given, secrets: request.news.secrets });
    return { inputs: { value: isPatchType(request.type) ? object : named(object, request), secrets } };
}

function shapeFailures(object: JsonObject, { type }: CheckRequest): CheckFailure[] {
    const kind = stringAt(object, "kind") ?? "";
    if (kind.endsWith("List") && Array.isArray(object.items)) {
        return [{ property: "kind", reason: `${kind} is not served: declare its items one by one` }];
    }
    const { metadata } = object;
    if (metadata !== undefined && metadata !== UNKNOWN && !isObject(metadata)) {
        return [{ property: "metadata", reason: "must be an object" }];
    }
    if (isPatchType(type) && objectAt(object, "metadata").name === undefined) {
        return [{ property: "metadata.name", reason: "is required: a patch names the object whose fields it sets" }];
    }
    return [];
}

/** A Secret's contents as the server keeps them: `stringData` becomes `data`, and all of it is secret. */
export function sealed({ value, secrets }: Properties): { object: JsonObject; secrets: readonly Path[] } {
    if (!isSecret(value)) return { object: value, secrets };
    const { stringData, ...rest } = value;
    const object = stringData === undefined ? rest : { ...rest, data: merged(rest.data, stringData) };
    const others = secrets.filter(([first]) => first !== "stringData" && first !== "data");
    return { object, secrets: object.data === undefined ? others : [...others, ["data"]] };
}

export function isSecret(object: JsonObject): boolean {
    return object.apiVersion === "v1" && object.kind === "Secret";
}

function merged(data: Json | undefined, stringData: Json): Json {
    if (data === UNKNOWN || !isObject(stringData)) return UNKNOWN;
    const encoded = Object.entries(stringData).map(([key, text]) => [
        key,
        typeof text === "string" && text !== UNKNOWN ? Buffer.from(text, "utf8").toString("base64") : text,
    ]);
    return { ...(isObject(data) ? data : {}), ...(Object.fromEntries(encoded) as JsonObject) };
}

/** The object with a name: its own, the one it was given before, or a new one. */
function named(object: JsonObject, request: CheckRequest): JsonObject {
    if (object.metadata === UNKNOWN) return object;
    const metadata = objectAt(object, "metadata");
    if (metadata.name !== undefined || metadata.generateName !== undefined) return object;
    const { autonaming } = request;
    if (autonaming?.mode === "disable") return object;
    const previous = isAutonamed(request.olds.value) ? stringAt(request.olds.value, "metadata", "name") : undefined;
    const name = previous ?? autonaming?.proposedName ?? `${request.name}-${suffix(request.randomSeed)}`;
    const annotations = { ...objectAt(metadata, "annotations"), [AUTONAMED]: "true" };
    return { ...object, metadata: { ...metadata, name, annotations } };
}

export function isAutonamed(object: JsonObject): boolean {
    return objectAt(object, "metadata", "annotations")[AUTONAMED] === "true";
}

/** The engine's seed keeps the name of one replacement the same in preview and update. */
function suffix(seed: Uint8Array): string {
    const source = seed.length > 0 ? seed : randomBytes(16);
    return createHash("sha256").update(source).digest("hex").slice(0, 8);
}
