import { Json, Path } from "../base/json";

const SUFFIXES: Readonly<Record<string, number>> = {
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    "": 1,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

/** The number that a quantity such as `500m` or `1Gi` stands for. */
export function parseQuantity(value: Json | undefined): number | undefined {
    if (typeof value === "number") return value;
    if (typeof value !== "string") return undefined;
    const [, digits, suffix = ""] = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([numkMGTPE]i?|Ki)?$/.exec(value) ?? [];
    const factor = SUFFIXES[suffix];
    return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** Fields that hold quantities, which the server writes in its own shortest form. */
const HOLDERS = new Set([
    "limits",
    "requests",
    "hard",
    "capacity",
    "overhead",
    "podFixed",
    "default",
    "defaultRequest",
]);

const SINGLE = new Set(["sizeLimit", "divisor", "averageValue", "nominalQuota", "borrowingLimit", "lendingLimit"]);

/** Whether two values at this path mean the same although they are written differently. */
export function sameQuantity(path: Path, a: Json | undefined, b: Json | undefined): boolean {
    const holder = path.at(-2);
    const name = path.at(-1);
    if (!(typeof holder === "string" && HOLDERS.has(holder)) && !(typeof name === "string" && SINGLE.has(name))) {
        return false;
    }
    const left = parseQuantity(a);
    const right = parseQuantity(b);
    return left !== undefined && right !== undefined && Math.abs(left - right) <= 1e-9 * Math.abs(left);
}
