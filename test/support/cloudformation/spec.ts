import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

/** AWS's own description of its resources: CloudFormation's schemas as the CDK packs them. */
type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Resource = ReturnType<Database["all"]> extends readonly (infer R)[] ? R : never;

export interface Property {
    readonly type: Shape;
    readonly required?: boolean;
}

export type Shape =
    | { readonly type: "string" | "boolean" | "integer" | "number" | "json" | "tag" | "date-time" }
    | { readonly type: "array" | "map"; readonly element: Shape }
    | { readonly type: "ref"; readonly reference: { readonly $ref: string } }
    | { readonly type: "union"; readonly types: readonly Shape[] };

export type Properties = Readonly<Record<string, Property>>;

let loaded: Database | undefined;

function database(): Database {
    return (loaded ??= loadAwsServiceSpecSync());
}

/** The properties of a CloudFormation type. */
export function propertiesOf(type: string): Properties {
    const found = [...database().lookup("resource", "cloudFormationType", "equals", type)] as Resource[];
    const [resource] = found as unknown as [{ properties: Properties } | undefined];
    if (resource === undefined) throw new Error(`CloudFormation has no type ${type}`);
    return resource.properties;
}

/** The property of `type` that holds its tags, and how they are written. */
export function tagsOf(type: string): { property: string; asMap: boolean } | undefined {
    for (const property of ["Tags", "FileSystemTags", "ResourceTags"]) {
        const shape = propertiesOf(type)[property]?.type;
        if (shape !== undefined) return { property, asMap: shape.type === "map" };
    }
    return undefined;
}

/** The properties of the structure that a shape refers to. */
export function structureOf({ reference }: Extract<Shape, { type: "ref" }>): Properties {
    const definition = database().get("typeDefinition", reference.$ref) as unknown as { properties: Properties };
    return definition.properties;
}
