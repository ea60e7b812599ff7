import { Property } from "../property";
import { Resource } from "../rule";

/** A Kubernetes object inside a Pulumi resource. */
export interface KubernetesObject {
    /** API group, `core` for the nameless one, and kind: `apps/Deployment`. */
    readonly groupKind: string;
    /** Whether only some fields are given, to be merged into an object that is judged elsewhere. */
    readonly partial: boolean;
    readonly root: Property;
}

/** The objects that a resource stands for: one, or those of a List, or the fragment that a Patch resource applies. */
export function objectsOf({ type, props }: Resource): readonly KubernetesObject[] {
    const [provider, apiVersion, kind] = type.split(":");
    if (provider !== "kubernetes" || apiVersion === undefined || kind === undefined) return [];
    const group = apiVersion.split("/")[0] ?? apiVersion;

    const [, single, shape] = /^(.+?)(List|Patch)?$/.exec(kind) ?? [];
    const groupKind = `${group}/${single ?? kind}`;
    if (shape === "List") return props.find("items[]").map((root) => ({ groupKind, partial: false, root }));
    return [{ groupKind, partial: shape === "Patch", root: props }];
}

/** The objects of one of these kinds, each as `group/Kind`. */
export function objectsOfKind(...groupKinds: readonly string[]): (resource: Resource) => readonly KubernetesObject[] {
    return (resource) => objectsOf(resource).filter(({ groupKind }) => groupKinds.includes(groupKind));
}
