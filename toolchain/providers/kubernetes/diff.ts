import { at, isObject, JsonObject, objectAt, Path, UNKNOWN, without } from "../base/json";
import { Difference, differences, isWithin } from "../base/paths";
import { Diff } from "../base/provider";
import { isAutonamed } from "./check";
import { described } from "./drift";
import { groupOf, immutableFields, Mutability } from "./immutable";
import { sameQuantity } from "./quantity";

interface Versions {
    readonly oldInputs: JsonObject;
    readonly news: JsonObject;
    /** The live object as the state has it. */
    readonly live: JsonObject;
}

/** What an update would change and whether it needs a new object. Pure. */
export function diffObjects(versions: Versions, settings: Mutability): Diff {
    const { news, live } = versions;
    const oldInputs = isImported(versions.oldInputs) ? adopted(versions) : versions.oldInputs;
    const found = differences(oldInputs, news).filter((difference) => isReal(difference, oldInputs, news));
    const immutable = immutableFields(news, oldInputs, settings);
    const replaces = found.filter((difference) => needsNewObject(difference, immutable, versions));
    return { differences: found, replaces, deleteBeforeReplace: keepsItsName(news, live) };
}

/** Of an object that was imported only the identity is declared yet: what it has already is no change. */
function adopted({ oldInputs, news, live }: Versions): JsonObject {
    const now = described(news, live);
    return isObject(now) ? now : oldInputs;
}

function isReal({ path }: Difference, oldInputs: JsonObject, news: JsonObject): boolean {
    if (path[0] === "apiVersion") return groupOf(oldInputs) !== groupOf(news);
    return !sameQuantity(path, at(oldInputs, ...path), at(news, ...path));
}

function isImported(inputs: JsonObject): boolean {
    const declared = [...Object.keys(without(inputs, "metadata")), ...Object.keys(objectAt(inputs, "metadata"))];
    return declared.every((key) => ["apiVersion", "kind", "name", "namespace"].includes(key));
}

function needsNewObject({ path, change }: Difference, immutable: readonly Path[], { news, live }: Versions): boolean {
    if (path[0] === "apiVersion") return true;
    // A namespace that was implied and is now written down may well be the same one.
    if (path[0] === "metadata" && path[1] === "namespace" && change === "add") {
        return at(news, ...path) !== at(live, ...path);
    }
    if (immutable.some((field) => isWithin(path, field))) return true;
    // The engine asks what a change of something above would mean by making the whole of it unknown. That alone says
    // nothing about the field inside: what really changes is seen once it is known.
    return at(news, ...path) !== UNKNOWN && immutable.some((field) => isWithin(field, path));
}

/** Two objects cannot have one name at the same time, so the old one must go first. */
function keepsItsName(news: JsonObject, live: JsonObject): boolean {
    const [wanted, present] = [objectAt(news, "metadata"), objectAt(live, "metadata")];
    return (
        !isAutonamed(news) &&
        wanted.name === present.name &&
        (wanted.namespace ?? present.namespace) === present.namespace
    );
}
