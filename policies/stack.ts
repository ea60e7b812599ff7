import { PolicyResource } from "@pulumi/policy";

import { Property } from "./property";
import { Finding, StackResource } from "./rule";
import { isUnknownValue } from "./unknown";

/** The resources of a stack as the SDK hands them to a stack policy, with their dependencies followed. */
export function stackOf(resources: readonly PolicyResource[]): readonly StackResource[] {
    const byUrn = new Map<string, StackResource>();
    for (const { urn, type, name, props, opts, propertyDependencies } of resources) {
        const through = (property: string) =>
            (propertyDependencies[property] ?? []).flatMap((one) => byUrn.get(one.urn) ?? []);
        byUrn.set(urn, { urn, type, name, props: Property.root(props), protect: opts.protect, through });
    }
    return [...byUrn.values()];
}

/** The property of a neighbour that names a resource, and what names it: its id, or another output. */
export interface Link {
    readonly property: string;
    readonly names: readonly string[];
}

/**
 * The neighbours of some type that belong to a resource: by the dependency that the program recorded, else by value.
 *
 * @throws UnknownValueError when none is found while one is left that may turn out to be it: absence is not known yet.
 */
export function neighboursOf(
    subject: StackResource,
    candidates: readonly StackResource[],
    link: Link,
): readonly StackResource[] {
    let unknown: Error | undefined;
    const found = candidates.filter((candidate) => {
        try {
            return belongs(candidate, subject, link);
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            unknown ??= error;
            return false;
        }
    });
    if (found.length === 0 && unknown !== undefined) throw unknown;
    return found;
}

function belongs(candidate: StackResource, subject: StackResource, { property, names }: Link): boolean {
    const recorded = candidate.through(property).filter(({ type }) => type === subject.type);
    if (recorded.length > 0) return recorded.includes(subject);
    const named = candidate.props.field(property).text;
    if (named === undefined) return false;
    let unknown: Error | undefined;
    for (const name of names) {
        try {
            if (subject.props.field(name).text === named) return true;
        } catch (error) {
            if (!isUnknownValue(error)) throw error;
            unknown ??= error;
        }
    }
    if (unknown !== undefined) throw unknown;
    return false;
}

/** A place that nothing stands at: what is missing is a resource. */
export function missing(what: string, allowed: string): Finding {
    return { at: Property.root(undefined).field(what), allowed };
}
