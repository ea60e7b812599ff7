import { JsonObject, numberAt, objectsAt, stringAt } from "../../base/json";

/** What a look at an object says about its readiness. */
export type Verdict =
    | { readonly state: "ready" }
    /** Not yet: what it is waiting for. */
    | { readonly state: "waiting"; readonly message: string }
    /** Never: waiting longer is of no use. */
    | { readonly state: "failed"; readonly message: string };

export const READY: Verdict = { state: "ready" };
export const waiting = (message: string): Verdict => ({ state: "waiting", message });
export const failed = (message: string): Verdict => ({ state: "failed", message });

/** Other objects of the cluster that a judgement needs. */
export interface Look {
    find(
        apiVersion: string,
        kind: string,
        namespace: string | undefined,
        name: string,
    ): Promise<JsonObject | undefined>;
    list(apiVersion: string, kind: string, namespace: string, labelSelector: string): Promise<JsonObject[]>;
}

/** Judges a live object of one kind. */
export type Judge = (object: JsonObject, look: Look) => Verdict | Promise<Verdict>;

export interface Condition {
    readonly status: string;
    readonly reason: string;
    readonly message: string;
}

/** The status condition of this type. */
export function condition(object: JsonObject, type: string): Condition | undefined {
    const found = objectsAt(object, "status", "conditions").find((candidate) => candidate.type === type);
    if (found === undefined) return undefined;
    return {
        status: stringAt(found, "status") ?? "",
        reason: stringAt(found, "reason") ?? "",
        message: stringAt(found, "message") ?? "",
    };
}

export function isTrue(object: JsonObject, type: string): boolean {
    return condition(object, type)?.status === "True";
}

/** A condition in words: `reason: message`. */
export function explain(found: Condition | undefined): string {
    if (found === undefined) return "";
    return [found.reason, found.message].filter((part) => part !== "").join(": ");
}

/** Whether the controller has seen the newest spec; until then its status is about an older one. */
export function isObserved(object: JsonObject): boolean {
    const observed = numberAt(object, "status", "observedGeneration") ?? 0;
    return observed >= (numberAt(object, "metadata", "generation") ?? 0);
}

export function count(object: JsonObject, field: string): number {
    return numberAt(object, "status", field) ?? 0;
}
