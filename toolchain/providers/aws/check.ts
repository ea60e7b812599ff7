import { createHash } from "node:crypto";

import { isObject, Json, JsonObject, UNKNOWN, without } from "../base/json";
import { CheckRequest, CheckResult } from "../base/provider";
import { AwsKind } from "./kind";
import { schemaOf, shapeFailures } from "./schema";
import { ServedType } from "./served-types";

/** Lists, among the inputs, those that the provider made up; the official plugin keeps it in the state as well. */
export const DEFAULTED = "__defaults";

/** Completes and checks the inputs of one resource. */
export function checkInputs(
    type: ServedType,
    kind: AwsKind,
    request: CheckRequest,
    defaultTags: JsonObject,
): CheckResult {
    const given = withoutNulls(without(request.news.value, DEFAULTED));
    const failures = [...shapeFailures(type, given), ...(kind.validate?.(given) ?? [])];
    if (failures.length > 0) return { inputs: request.news, failures };
    const inputs = tagged(type, named(kind, given, request), defaultTags);
    return { inputs: { value: inputs, secrets: request.news.secrets } };
}

function withoutNulls(object: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** A name of its own, where the program gives none: kept as long as the resource. */
function named({ named: property }: AwsKind, inputs: JsonObject, request: CheckRequest): JsonObject {
    if (property === undefined || inputs[property] !== undefined || inputs[`${property}Prefix`] !== undefined) {
        return { ...inputs, [DEFAULTED]: [] };
    }
    const old = request.olds.value;
    const isKept = Array.isArray(old[DEFAULTED]) && old[DEFAULTED].includes(property);
    const seed = createHash("sha256").update(request.randomSeed).update(request.urn).digest("hex").slice(0, 7);
    const fresh = request.autonaming?.proposedName ?? `${request.name}-${seed}`;
    const chosen: Json = isKept ? (old[property] ?? fresh) : fresh;
    return { ...inputs, [property]: chosen, [DEFAULTED]: [property] };
}

/** Adds the provider's default tags to the resource's own, as the official plugin does before it compares. */
function tagged(type: ServedType, inputs: JsonObject, defaultTags: JsonObject): JsonObject {
    const { tags = {} } = inputs;
    if (Object.keys(defaultTags).length === 0 || !("tags" in schemaOf(type).inputs) || tags === UNKNOWN) return inputs;
    return { ...inputs, tags: { ...defaultTags, ...(isObject(tags) ? tags : {}) } };
}
