import { isObject, Json, JsonObject, UNKNOWN } from "../base/json";
import { formatPath } from "../base/paths";
import { CheckFailure } from "../base/provider";
import generated from "./schema.generated.json";
import { ServedType } from "./served-types";

export interface TypeSchema {
    readonly inputs: Readonly<Record<string, string>>;
    readonly required: readonly string[];
    readonly outputs: readonly string[];
    /** Create-only, as AWS's CloudFormation schema has it. */
    readonly replaces: readonly string[];
}

const TYPES: Readonly<Record<string, TypeSchema>> = generated.types;
const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = generated.objects;

export function schemaOf(type: ServedType): TypeSchema {
    const schema = TYPES[type];
    if (schema === undefined) throw new Error(`schema.generated.json lacks ${type}: run npm run generate`);
    return schema;
}

/** Inputs that are missing, that the type does not have, or that have the wrong shape. */
export function shapeFailures(type: ServedType, inputs: JsonObject): CheckFailure[] {
    const { inputs: declared, required } = schemaOf(type);
    const missing = required.filter((property) => inputs[property] === undefined || inputs[property] === null);
    return [
        ...missing.map((property) => ({ property, reason: "is required" })),
        ...memberFailures(declared, inputs, []),
    ];
}

function memberFailures(
    declared: Readonly<Record<string, string>>,
    value: JsonObject,
    path: readonly (string | number)[],
): CheckFailure[] {
    return Object.entries(value).flatMap(([key, item]) => {
        const type = declared[key];
        const here = [...path, key];
        if (type === undefined) {
            const reason = `is no property of it; there are: ${Object.keys(declared).sort().join(", ")}`;
            return [{ property: formatPath(here), reason }];
        }
        return valueFailures(type, item, here);
    });
}

function valueFailures(type: string, value: Json, path: readonly (string | number)[]): CheckFailure[] {
    if (value === null || value === UNKNOWN || type === "any") return [];
    const [head = "", ...rest] = type.split(":");
    const inner = rest.join(":");
    const wrong = (): CheckFailure[] => [{ property: formatPath(path), reason: `must be a ${ARTICLE[head] ?? head}` }];
    switch (head) {
        case "list":
            if (!Array.isArray(value)) return wrong();
            return value.flatMap((item, index) => valueFailures(inner, item, [...path, index]));
        case "map":
            if (!isObject(value)) return wrong();
            return Object.entries(value).flatMap(([key, item]) => valueFailures(inner, item, [...path, key]));
        case "object":
            return isObject(value) ? memberFailures(OBJECTS[inner] ?? {}, value, path) : wrong();
        case "string":
            // Terraform reads numbers and truths as strings too.
            return typeof value === "object" ? wrong() : [];
        default:
            return typeof value === head || isText(value, head) ? [] : wrong();
    }
}

const ARTICLE: Readonly<Record<string, string>> = { object: "map of properties", map: "map" };

/** A string that Terraform reads as a number or a truth. */
function isText(value: Json, type: string): boolean {
    if (typeof value !== "string") return false;
    return type === "number" ? value !== "" && !Number.isNaN(Number(value)) : value === "true" || value === "false";
}
