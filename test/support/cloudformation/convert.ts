import { Kind, KINDS, PARTS, Value, Values, WITHOUT_COUNTERPART } from "./kinds";
import { Properties, propertiesOf, Shape, structureOf } from "./spec";

/** An AWS resource as a program registered it, or as a state holds it. */
export interface Registration {
    readonly type: string;
    readonly name: string;
    /** Once it exists; others name it by this. */
    readonly id?: string;
    readonly inputs: Values;
}

export interface TemplateResource {
    readonly Type: string;
    readonly Properties: Values;
    readonly Metadata: { readonly name: string };
}

export interface Conversion {
    /** A CloudFormation template. */
    readonly template: {
        readonly AWSTemplateFormatVersion: "2010-09-09";
        readonly Resources: Record<string, TemplateResource>;
    };
    /** What AWS's schemas do not know or miss: `<type> <name>: <what>`. */
    readonly findings: string[];
    /** Registrations that became a resource of the template, or a part of one. */
    readonly converted: number;
}

/** Writes AWS resources as a CloudFormation template and holds each against AWS's own schema of its type. */
export function toCloudFormation(registrations: readonly Registration[]): Conversion {
    const findings: string[] = [];
    const resources: Record<string, TemplateResource> = {};
    const wholes: { registration: Registration; properties: Values }[] = [];
    let converted = 0;
    for (const registration of registrations) {
        const kind = KINDS[registration.type];
        if (kind === undefined) continue;
        const say = (what: string) => findings.push(`${registration.type} ${registration.name}: ${what}`);
        const properties = propertiesFor(kind, registration, say);
        resources[logicalId(registration, resources)] = {
            Type: kind.type,
            Properties: properties,
            Metadata: { name: registration.name },
        };
        wholes.push({ registration, properties });
        converted += 1;
    }
    for (const { type, name, inputs } of registrations) {
        if (KINDS[type] !== undefined || WITHOUT_COUNTERPART[type] !== undefined) continue;
        const part = PARTS[type];
        const whole =
            part && wholes.find((one) => one.registration.type === part.of && names(inputs[part.by], one.registration));
        if (part === undefined) findings.push(`${type} ${name}: no rule says how CloudFormation writes it`);
        else if (whole === undefined) findings.push(`${type} ${name}: the ${part.of} that it belongs to is not there`);
        else {
            part.into(inputs, whole.properties);
            converted += 1;
        }
    }
    return { template: { AWSTemplateFormatVersion: "2010-09-09", Resources: resources }, findings, converted };
}

function propertiesFor(kind: Kind, { inputs, name }: Registration, say: (what: string) => void): Values {
    const shaped = (kind.shape ?? ((same: Values) => same))(inputs, name);
    return structure(shaped, propertiesOf(kind.type), { kind, path: "", say });
}

interface Place {
    readonly kind: Kind;
    /** Our path, for renaming and messages. */
    readonly path: string;
    readonly say: (what: string) => void;
}

function structure(values: Values, known: Properties, place: Place): Values {
    const { kind, say } = place;
    const result: Values = {};
    for (const [name, value] of Object.entries(values)) {
        const path = place.path === "" ? name : `${place.path}.${name}`;
        if (kind.ours?.[path] !== undefined || name === "tagsAll" || name === "region" || name.startsWith("__"))
            continue;
        if (value === null) continue;
        const target =
            kind.renamed?.[path] ?? Object.keys(known).find((one) => one.toLowerCase() === name.toLowerCase());
        const tags = name === "tags" ? Object.keys(known).find((one) => /^(FileSystem)?Tags$/.test(one)) : undefined;
        const property = target ?? tags;
        const shape = property === undefined ? undefined : known[property]?.type;
        if (property === undefined || shape === undefined) say(`${path} is unknown to ${kind.type}`);
        else result[property] = valueOf(value, shape, { ...place, path });
    }
    for (const [name, { required }] of Object.entries(known)) {
        if (required === true && result[name] === undefined) say(`${place.path || "it"} lacks ${name}`);
    }
    return result;
}

function valueOf(value: Value, shape: Shape, place: Place): Value {
    switch (shape.type) {
        case "array":
            // A tag is `tag` for most types, and a structure of key and value for some.
            if (isTags(place.path) && isObject(value)) return tagList(value);
            if (!Array.isArray(value)) return mismatch(value, "a list", place);
            return value.map((item) => valueOf(item, shape.element, place));
        case "map":
            return isObject(value) ? value : mismatch(value, "a map", place);
        case "ref":
            return isObject(value)
                ? structure(value, structureOf(shape), place)
                : mismatch(value, "a structure", place);
        case "union":
            return fitting(value, shape.types, place);
        case "boolean":
            return scalar(
                value,
                typeof value === "boolean" || value === "true" || value === "false",
                "true or false",
                place,
            );
        case "integer":
        case "number":
            return scalar(value, Number.isFinite(Number(value)), "a number", place);
        case "string":
        case "date-time":
            return typeof value === "object" ? mismatch(value, "a text", place) : String(value);
        case "json":
        case "tag":
            return value;
    }
}

/** The alternative that fits best: one without a finding, if there is one. */
function fitting(value: Value, shapes: readonly Shape[], place: Place): Value {
    for (const shape of shapes) {
        const said: string[] = [];
        const result = valueOf(value, shape, { ...place, say: (what) => said.push(what) });
        if (said.length === 0) return result;
    }
    return mismatch(value, "one of the allowed shapes", place);
}

function scalar(value: Value, fits: boolean, what: string, place: Place): Value {
    if (!fits || typeof value === "object") return mismatch(value, what, place);
    return typeof value === "string" ? (JSON.parse(value) as Value) : value;
}

function mismatch(value: Value, what: string, { path, say }: Place): Value {
    say(`${path}: ${JSON.stringify(value)} is not ${what}`);
    return value;
}

function isTags(path: string): boolean {
    return path === "tags" || path.endsWith(".tags");
}

function tagList(tags: Values): Value {
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function isObject(value: Value): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function names(reference: Value | undefined, { id, name, inputs }: Registration): boolean {
    return [id, name, `${name}-id`, `${name}-auto`, inputs.name, inputs.bucket, inputs.principalArn].some(
        (one) => one !== undefined && one === reference,
    );
}

function logicalId({ type, name }: Registration, taken: object): string {
    const kind = type.split(":").at(-1) ?? "";
    const id = `${kind}${name.replace(/[^A-Za-z0-9]/g, "")}`;
    return id in taken ? `${id}${Object.keys(taken).length}` : id;
}
