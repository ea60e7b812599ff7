/** The part of a CustomResourceDefinition's schema that a structural check reads. */
interface Schema {
    readonly type?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: Schema | boolean;
    readonly items?: Schema;
    readonly required?: readonly string[];
    readonly enum?: readonly unknown[];
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly "x-kubernetes-int-or-string"?: boolean;
    readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
}

interface Version {
    readonly name: string;
    readonly schema: { readonly openAPIV3Schema: Schema };
}

interface Definition {
    readonly spec: {
        readonly group: string;
        readonly names: { readonly kind: string };
        readonly versions: readonly Version[];
    };
}

interface CustomObject {
    readonly apiVersion: string;
    readonly kind: string;
}

/**
 * What an API server would object to in the shape of an object: unknown and missing fields, types, patterns, sizes.
 * CEL rules (`x-kubernetes-validations`) are not evaluated.
 */
export function structuralProblems(definitions: readonly object[], object: CustomObject): string[] {
    const [group, version] = object.apiVersion.split("/");
    const definition = (definitions as readonly Definition[]).find(
        ({ spec }) => spec.group === group && spec.names.kind === object.kind,
    );
    const schema = definition?.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
    if (schema === undefined) return [`no schema of ${object.apiVersion} ${object.kind}`];
    const { apiVersion: _version, kind: _kind, ...rest } = object;
    const { metadata: _metadata, ...judged } = rest as { metadata?: unknown };
    return problemsOf(judged, schema, object.kind);
}

function problemsOf(value: unknown, schema: Schema, path: string): string[] {
    if (schema["x-kubernetes-int-or-string"]) {
        return typeof value === "string" || Number.isInteger(value)
            ? scalarProblems(value, schema, path)
            : [`${path}: type`];
    }
    switch (schema.type) {
        case "object":
            return typeof value === "object" && value !== null && !Array.isArray(value)
                ? objectProblems(value as Record<string, unknown>, schema, path)
                : [`${path}: not an object`];
        case "array":
            return Array.isArray(value) ? arrayProblems(value, schema, path) : [`${path}: not an array`];
        case "integer":
            return Number.isInteger(value) ? scalarProblems(value, schema, path) : [`${path}: not an integer`];
        case undefined:
            return [];
        default:
            return typeof value === schema.type
                ? scalarProblems(value, schema, path)
                : [`${path}: not a ${schema.type}`];
    }
}

function objectProblems(value: Record<string, unknown>, schema: Schema, path: string): string[] {
    const missing = (schema.required ?? []).filter((name) => value[name] === undefined);
    const found = Object.entries(value).flatMap(([name, inner]) => {
        const others = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
        const known = schema.properties?.[name] ?? others;
        if (known !== undefined) return problemsOf(inner, known, `${path}.${name}`);
        return schema["x-kubernetes-preserve-unknown-fields"] ? [] : [`${path}.${name}: unknown`];
    });
    return [...missing.map((name) => `${path}.${name}: missing`), ...found];
}

function arrayProblems(value: readonly unknown[], schema: Schema, path: string): string[] {
    const { items, minItems = 0, maxItems = Infinity } = schema;
    const size = value.length < minItems || value.length > maxItems ? [`${path}: ${value.length} items`] : [];
    return [...size, ...value.flatMap((item, index) => (items ? problemsOf(item, items, `${path}[${index}]`) : []))];
}

function scalarProblems(value: unknown, { enum: allowed, pattern, minimum, maximum }: Schema, path: string): string[] {
    const problems: string[] = [];
    if (allowed !== undefined && !allowed.includes(value))
        problems.push(`${path}: ${String(value)} is none of ${allowed.join(", ")}`);
    if (pattern !== undefined && !new RegExp(pattern).test(String(value)))
        problems.push(`${path}: ${String(value)} is not ${pattern}`);
    if (typeof value === "number" && (value < (minimum ?? -Infinity) || value > (maximum ?? Infinity))) {
        problems.push(`${path}: ${value} is out of range`);
    }
    return problems;
}
