/** A schema of a CustomResourceDefinition, or any part of one. */
type Schema = Readonly<Record<string, unknown>>;

/** What says which kind a template is and what it takes: no default for all templates can say that. */
const NOT_DEFAULTS = [
    "container",
    "containerSet",
    "dag",
    "data",
    "http",
    "inputs",
    "name",
    "outputs",
    "plugin",
    "resource",
    "script",
    "steps",
    "suspend",
] as const;

const anything = { "x-kubernetes-preserve-unknown-fields": true } as const;

/** The outermost type of what the publisher's schemas leave open. */
const OUTERMOST: Readonly<Record<string, Schema>> = {
    inline: { type: "object", ...anything },
    plugin: { type: "object", minProperties: 1, maxProperties: 1, ...anything },
    withItems: { type: "array", items: anything },
};

/**
 * Argo's schemas with fewer bytes and fewer gaps. A Workflow whose types are wrong can keep the controller from
 * starting, so nothing that has a type loses it; and where the publisher's schemas take anything at all, they now ask at
 * least for the outermost type.
 */
export function tightenArgoSchema<T>(schema: T): T {
    return tighten(schema) as T;
}

/** One of Argo's CustomResourceDefinitions as the platform installs it. */
export function adaptArgoCrd<T extends { readonly metadata: { readonly name: string } }>(crd: T): T {
    return INTERNAL.has(crd.metadata.name) ? (opened(crd) as T) : tightenArgoSchema(crd);
}

/** Kinds that the controller alone writes, for itself: their types are a seventh of all bytes and guard nobody. */
const INTERNAL: ReadonlySet<string> = new Set(["workflowtasksets.argoproj.io"]);

function opened(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(opened);
    if (!isSchema(value)) return value;
    const inner = Object.entries(value).map(([key, part]) =>
        (key === "spec" || key === "status") && isSchema(part) && part.type === "object"
            ? [key, { type: "object", ...anything }]
            : [key, opened(part)],
    );
    return Object.fromEntries(inner) as Schema;
}

function tighten(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(tighten);
    if (!isSchema(value)) return value;
    const { properties } = value;
    const inner = Object.entries(value).map(([key, part]) => [key, key === "properties" ? part : tighten(part)]);
    return isSchema(properties)
        ? { ...Object.fromEntries(inner), properties: tightenProperties(properties) }
        : Object.fromEntries(inner);
}

function tightenProperties(properties: Schema): Schema {
    const entries = Object.entries(properties).map(([name, schema]) => {
        if (isSchema(schema) && isOpen(schema)) return [name, OUTERMOST[name] ?? schema];
        return [name, tighten(name === "templateDefaults" && isSchema(schema) ? withoutKinds(schema) : schema)];
    });
    return Object.fromEntries(entries) as Schema;
}

function withoutKinds(schema: Schema): Schema {
    const { properties } = schema;
    if (!isSchema(properties)) return schema;
    const kept = Object.entries(properties).filter(([name]) => !NOT_DEFAULTS.some((kind) => kind === name));
    return { ...schema, properties: Object.fromEntries(kept) };
}

/** Whether anything at all, or any object, fits the schema. */
function isOpen(schema: Schema): boolean {
    const others = Object.keys(schema).filter((key) => key !== "type" && !(key in anything));
    return schema["x-kubernetes-preserve-unknown-fields"] === true && others.length === 0;
}

function isSchema(value: unknown): value is Schema {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
