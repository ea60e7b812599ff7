import { at, equal, Json, JsonObject, without } from "../base/json";
import { differences, isWithin } from "../base/paths";
import { Diff, DiffRequest } from "../base/provider";
import { DEFAULTED } from "./check";
import { replacing } from "./kinds";
import { AwsKind } from "./kind";
import { completed } from "./outputs";
import { ServedType } from "./served-types";

/** What changes, and what of it AWS cannot change in place. */
export function diffInputs(type: ServedType, kind: AwsKind, request: DiffRequest): Diff {
    const before = without(request.oldInputs.value, DEFAULTED);
    const after = without(request.news.value, DEFAULTED);
    const found = differences(before, after);
    if (found.length === 0) return { differences: [] };
    const complete = completed(kind, after);
    const forced = replacing(type, kind)
        .map((path) => path.split("."))
        .filter((path) => !equal(at(complete, ...path), previous(kind, before, request.oldOutputs.value, path)));
    const replaces = found.filter(({ path }) => forced.some((other) => isWithin(path, other) || isWithin(other, path)));
    return { differences: found, replaces, deleteBeforeReplace: replaces.length > 0 && keepsName(kind, request) };
}

/** What a property was: as declared, else as AWS had filled it in. */
function previous(kind: AwsKind, inputs: JsonObject, outputs: JsonObject, path: readonly string[]): Json | undefined {
    return at(completed(kind, inputs), ...path) ?? at(outputs, ...path);
}

/** Two cannot have one name: a resource whose name the program gives goes before its successor comes. */
function keepsName({ named }: AwsKind, { oldInputs, news }: DiffRequest): boolean {
    if (named === undefined) return false;
    const madeUp = news.value[DEFAULTED];
    const isMadeUp = Array.isArray(madeUp) && madeUp.includes(named);
    return !isMadeUp && equal(oldInputs.value[named], news.value[named]);
}
