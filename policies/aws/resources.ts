import { Property, Scalar } from "../property";
import { Finding, Resource, StackResource } from "../rule";

/** The resource itself when it is of one of these types; AWS's provider kept an older name, `…V2`, for some. */
export function ofType(...types: readonly string[]): (resource: Resource) => readonly Resource[] {
    return (resource) => (types.includes(withoutV2(resource.type)) ? [resource] : []);
}

/** The resources of a stack that are of one of these types. */
export function among(stack: readonly StackResource[], ...types: readonly string[]): readonly StackResource[] {
    return stack.filter(({ type }) => types.includes(withoutV2(type)));
}

function withoutV2(type: string): string {
    return type.replace(/V2(?=:|$)/g, "");
}

/** One property of the resources of one type. */
export function propertyOf(type: string, path: string): (resource: Resource) => readonly Property[] {
    const matching = ofType(type);
    return (resource) => matching(resource).flatMap(({ props }) => props.find(path));
}

/** A finding unless the value is one of these; absent is none of them. */
export function unless(at: Property, allowed: readonly Scalar[], words = allowed.join(" or ")): Finding | undefined {
    const { value } = at;
    return allowed.some((one) => one === value) ? undefined : { at, found: at.scalar, allowed: words };
}

/** A finding where there is nothing, or an empty text. */
export function required(at: Property, allowed: string): Finding | undefined {
    const { value } = at;
    return value === undefined || value === "" ? { at, found: at.scalar, allowed } : undefined;
}
