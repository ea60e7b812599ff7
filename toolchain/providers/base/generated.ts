import { ProviderError } from "./errors";
import { containsUnknown, JsonObject, Path, UNKNOWN } from "./json";
import { Difference, differences } from "./paths";
import { Properties } from "./properties";
import { CheckFailure, CheckRequest, DiffRequest, Provider } from "./provider";
import { unserved } from "./service";

/** A resource that is invented once, from its inputs alone, and then only remembered: a password, a key. */
export interface GeneratedKind {
    /** Inputs without which nothing can be generated. */
    readonly required: readonly string[];
    /** Values of inputs that were not given; they appear among the outputs. */
    readonly defaults: JsonObject;
    /** Outputs that `generate` invents: unknown during preview. */
    readonly computed: readonly string[];
    /** Outputs that are secret whatever the inputs are. */
    readonly secrets: readonly string[];
    /** Inputs that may change without generating anew. */
    readonly updatable: readonly string[];
    validate(inputs: JsonObject): CheckFailure[];
    generate(inputs: JsonObject): Promise<Generated> | Generated;
    /** Outputs that age: recomputed by refresh and after an update. */
    age?(outputs: JsonObject): JsonObject;
    /** Inputs and outputs of something that exists already, from the id that the user names. */
    adopt?(id: string): Generated & { readonly inputs: JsonObject };
}

export interface Generated {
    readonly id: string;
    readonly outputs: JsonObject;
}

type Described = Pick<Provider, "name" | "version" | "description" | "cure">;

/** A provider of such resources, one per type token. */
export function generatedProvider(
    about: Described,
    kinds: Readonly<Record<string, GeneratedKind>>,
    invoke?: NonNullable<Provider["invoke"]>,
): Provider {
    const kindOf = (type: string): GeneratedKind => {
        const kind = kinds[type];
        if (kind === undefined) throw unserved(about, `type ${type}`);
        return kind;
    };
    return {
        ...about,
        ...(invoke === undefined ? {} : { invoke }),
        check: (request) => ({ inputs: request.news, failures: failures(kindOf(request.type), request) }),
        diff: (request) => diff(kindOf(request.type), request),
        create: async ({ type, inputs, preview }) => {
            const kind = kindOf(type);
            const resolved = { ...kind.defaults, ...inputs.value };
            if (preview || containsUnknown(resolved)) {
                const unknown = Object.fromEntries(kind.computed.map((key) => [key, UNKNOWN]));
                return { id: "", outputs: { value: { ...resolved, ...unknown }, secrets: secrets(kind, inputs) } };
            }
            const { id, outputs } = await kind.generate(resolved);
            const value = aged(kind, { ...resolved, ...outputs });
            return { id, outputs: { value, secrets: secrets(kind, inputs) } };
        },
        read: ({ type, id, inputs, outputs }) => {
            const kind = kindOf(type);
            if (Object.keys(outputs.value).length === 0) return adopt(kind, type, id);
            return {
                id,
                inputs,
                outputs: { value: aged(kind, outputs.value), secrets: secrets(kind, outputs) },
            };
        },
        update: ({ type, news, oldOutputs }) => {
            const kind = kindOf(type);
            const value = aged(kind, { ...oldOutputs.value, ...kind.defaults, ...news.value });
            return { value, secrets: secrets(kind, news) };
        },
        // Nothing exists outside the state: forgetting it is all there is to do.
        delete: () => undefined,
    };
}

function failures(kind: GeneratedKind, { news }: CheckRequest): CheckFailure[] {
    const missing = kind.required.filter((property) => news.value[property] === undefined);
    if (missing.length > 0) return missing.map((property) => ({ property, reason: "is required" }));
    return containsUnknown(news.value) ? [] : kind.validate({ ...kind.defaults, ...news.value });
}

function diff(kind: GeneratedKind, { oldInputs, oldOutputs, news }: DiffRequest) {
    const before = { ...kind.defaults, ...oldInputs.value };
    const after = { ...kind.defaults, ...news.value };
    const changed = differences(before, after);
    const renewed = kind.age === undefined ? [] : renewal(kind.age({ ...oldOutputs.value, ...after }));
    const replaces = [...changed.filter(({ path }) => !kind.updatable.includes(String(path[0]))), ...renewed];
    return { differences: [...changed, ...renewed], replaces };
}

/** What has aged enough says so itself, in the field that the official plugin has for it. */
function renewal(outputs: JsonObject): Difference[] {
    return outputs.readyForRenewal === true ? [{ path: ["readyForRenewal"], change: "update" }] : [];
}

function aged(kind: GeneratedKind, outputs: JsonObject): JsonObject {
    return kind.age === undefined ? outputs : kind.age(outputs);
}

function secrets(kind: GeneratedKind, { secrets: given }: Properties): Path[] {
    return [...kind.secrets.map((key) => [key]), ...given];
}

function adopt(kind: GeneratedKind, type: string, id: string) {
    if (kind.adopt === undefined) {
        throw new ProviderError(`${type} cannot be imported: it exists only in a stack's state. Create a new one.`);
    }
    const { inputs, ...adopted } = kind.adopt(id);
    const paths = secrets(kind, { value: {}, secrets: [] });
    return {
        id: adopted.id,
        inputs: { value: inputs, secrets: [] },
        outputs: { value: { ...kind.defaults, ...inputs, ...adopted.outputs }, secrets: paths },
    };
}
