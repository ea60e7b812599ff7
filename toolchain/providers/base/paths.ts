import { equal, isObject, Json, Path } from "./json";

export type Change = "add" | "delete" | "update";

/** A place where two values differ. */
export interface Difference {
    readonly path: Path;
    readonly change: Change;
}

/** Writes a path the way the engine does: `spec.ports[0].name`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: Path): string {
    return path.reduce<string>((text, step) => {
        if (typeof step === "number") return `${text}[${step}]`;
        if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
        return text === "" ? step : `${text}.${step}`;
    }, "");
}

/** Every place where two values differ, as deep as both have the same shape. */
export function differences(before: Json | undefined, after: Json | undefined, path: Path = []): Difference[] {
    if (equal(before, after)) return [];
    if (before === undefined) return [{ path, change: "add" }];
    if (after === undefined) return [{ path, change: "delete" }];
    if (isObject(before) && isObject(after)) {
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
    }
    if (Array.isArray(before) && Array.isArray(after)) {
        const length = Math.max(before.length, after.length);
        return Array.from({ length }, (_, index) => index).flatMap((index) =>
            differences(before[index], after[index], [...path, index]),
        );
    }
    return [{ path, change: "update" }];
}

/** Whether a path lies at or below another, where `*` in the latter stands for any step. */
export function isWithin(path: Path, ancestor: Path): boolean {
    return ancestor.length <= path.length && ancestor.every((step, index) => step === "*" || step === path[index]);
}
