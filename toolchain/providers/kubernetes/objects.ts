import { createHash } from "node:crypto";

import { isObject, Json, JsonObject, stringAt } from "../base/json";

/** Names one object of the cluster. */
export interface Reference {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | undefined;
    readonly name: string;
}

export function referenceOf(object: JsonObject): Reference {
    return {
        apiVersion: stringAt(object, "apiVersion") ?? "",
        kind: stringAt(object, "kind") ?? "",
        namespace: stringAt(object, "metadata", "namespace"),
        name: stringAt(object, "metadata", "name") ?? "",
    };
}

/** The id that the engine keeps: `namespace/name`, or the name alone outside namespaces. */
export function formatId({ namespace, name }: Pick<Reference, "namespace" | "name">): string {
    return namespace === undefined ? name : `${namespace}/${name}`;
}

export function parseId(id: string): Pick<Reference, "namespace" | "name"> {
    const slash = id.indexOf("/");
    return slash < 0
        ? { namespace: undefined, name: id }
        : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** How a person would name the object: `Deployment shop/web`. */
export function describeReference(reference: Reference): string {
    return `${reference.kind} ${formatId(reference)}`;
}

/** API version and kind that a type token such as `kubernetes:apps/v1:Deployment` stands for. */
export function kindOfType(type: string): { apiVersion: string; kind: string } {
    const [, apiVersion = "", kind = ""] = type.split(":");
    return { apiVersion: apiVersion.replace(/^core\//, ""), kind: isPatchType(type) ? kind.slice(0, -5) : kind };
}

/** A resource that owns some fields of an object that somebody else made. */
export function isPatchType(type: string): boolean {
    return /^kubernetes:[^:]+:\w+Patch$/.test(type);
}

export function annotation(object: JsonObject, name: string): string | undefined {
    return stringAt(object, "metadata", "annotations", name);
}

export function isTrueAnnotation(object: JsonObject, name: string): boolean {
    return annotation(object, name) === "true";
}

/**
 * Field manager of one resource. It is made from the resource's URN, so that an object keeps its manager when it is
 * imported after its creation was cut off. It does not prove whose the object is.
 */
export function fieldManager(urn: string): string {
    return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** Removes what stands for nothing: nulls and absent values. */
export function withoutNulls(value: Json): Json {
    if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
    if (!isObject(value)) return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, item]) => (item as Json | undefined) !== undefined && item !== null)
            .map(([key, item]) => [key, withoutNulls(item)]),
    );
}

/** The SDK writes a schema's `x-kubernetes-…` keys with underscores. */
export function toServer(object: JsonObject): JsonObject {
    if (object.kind !== "CustomResourceDefinition") return object;
    return renamed(object, (key) => (key.startsWith("x_kubernetes_") ? key.replaceAll("_", "-") : key)) as JsonObject;
}

export function fromServer(object: JsonObject): JsonObject {
    if (object.kind !== "CustomResourceDefinition") return object;
    return renamed(object, (key) => (key.startsWith("x-kubernetes-") ? key.replaceAll("-", "_") : key)) as JsonObject;
}

function renamed(value: Json, rename: (key: string) => string): Json {
    if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename)]));
}
