import { copy, isObject, Json, JsonObject } from "../base/json";
import { Path } from "../base/json";
import { Properties } from "../base/properties";
import { AwsKind, Made } from "./kind";
import { schemaOf } from "./schema";
import { WITHHELD } from "./store";

/** Inputs with what AWS fills in where nothing was said. */
export function completed({ defaults = {} }: AwsKind, inputs: JsonObject): JsonObject {
    const merged = Object.entries(defaults).map(([key, value]) => {
        const given = inputs[key];
        return [key, isObject(value) && isObject(given) ? { ...value, ...given } : (given ?? value)];
    });
    return { ...inputs, ...(Object.fromEntries(merged) as JsonObject) };
}

/** Everything that the resource has once it is there. */
export function outputsOf(kind: AwsKind, made: Made, id: string, before: JsonObject | undefined): JsonObject {
    const inputs = completed(kind, made.inputs);
    const schema = schemaOf(made.type);
    return {
        ...inputs,
        ...("region" in schema.inputs ? { region: made.region } : {}),
        ...(schema.outputs.includes("tagsAll") ? { tagsAll: inputs.tags ?? {} } : {}),
        ...(schema.outputs.includes("ownerId") ? { ownerId: "000000000000" } : {}),
        ...kind.computed?.({ ...made, inputs }, id, before),
    };
}

/** The outputs without their secrets, for the store. */
export function withheld(outputs: JsonObject, secrets: readonly Path[]): JsonObject {
    const held = copy(outputs);
    for (const path of secrets) replaceAt(held, path, () => WITHHELD);
    return held;
}

/** The outputs with the secrets that the state has and the store has not. */
export function restored(held: JsonObject, { value, secrets }: Properties): JsonObject {
    const outputs = copy(held);
    for (const path of secrets) {
        const [first = ""] = path;
        const known = value[String(first)];
        replaceAt(outputs, [first], (found) => (JSON.stringify(found).includes(WITHHELD) ? (known ?? found) : found));
    }
    return outputs;
}

function replaceAt(value: Json | undefined, path: Path, change: (value: Json) => Json): void {
    const [step, ...rest] = path;
    if (step === undefined || typeof value !== "object" || value === null) return;
    const holder = value as Record<string | number, Json>;
    const found = holder[step];
    if (found === undefined) return;
    if (rest.length === 0) holder[step] = change(found);
    else replaceAt(found, rest, change);
}
