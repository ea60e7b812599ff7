import { isUnknownValue } from "./unknown";

/** What a message may show: never a whole object, which could hold a secret. */
export type Scalar = string | number | boolean;

/**
 * A place in a resource: its path, and its value once asked for.
 *
 * Nothing is read before it is judged. During a preview, reading a value that is not known yet throws
 * `UnknownValueError`, and a rule that reads more than it judges would be switched off by its neighbours' unknowns.
 */
export class Property {
    constructor(
        readonly path: string,
        private readonly read: () => unknown,
    ) {}

    static root(value: unknown): Property {
        return new Property("", () => value);
    }

    /** The value here; null counts as absent, as it does for the API server. */
    get value(): unknown {
        return this.read() ?? undefined;
    }

    get scalar(): Scalar | undefined {
        const { value } = this;
        return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
    }

    get text(): string | undefined {
        const { value } = this;
        return typeof value === "string" ? value : undefined;
    }

    get exists(): boolean {
        return this.value !== undefined;
    }

    /** The keys of the object here, without reading what they hold. */
    get keys(): readonly string[] {
        const { value } = this;
        return isObject(value) ? Object.keys(value) : [];
    }

    /** Whether the list or object here has nothing in it, or is absent. */
    get isEmpty(): boolean {
        const { value } = this;
        return Array.isArray(value) ? value.length === 0 : this.keys.length === 0;
    }

    field(name: string): Property {
        const step = /^[A-Za-z_][\w-]*$/.test(name)
            ? `${this.path === "" ? "" : "."}${name}`
            : `[${JSON.stringify(name)}]`;
        return new Property(this.path + step, () => {
            const { value } = this;
            return isObject(value) ? value[name] : undefined;
        });
    }

    /** The elements of the list here. A list that is not known yet is one place, whose reading says so. */
    get items(): readonly Property[] {
        let list: unknown;
        try {
            list = this.value;
        } catch (error) {
            if (isUnknownValue(error)) return [this];
            throw error;
        }
        if (!Array.isArray(list)) return [];
        const elements: readonly unknown[] = list;
        return Array.from({ length: elements.length }, (_, i) => new Property(`${this.path}[${i}]`, () => elements[i]));
    }

    /** Every place that a path such as `spec.jobs[].template.spec` leads to; `[]` stands for each element. */
    find(path: string): readonly Property[] {
        return path
            .split(".")
            .reduce<readonly Property[]>(
                (places, step) =>
                    step.endsWith("[]")
                        ? places.flatMap((place) => place.field(step.slice(0, -2)).items)
                        : places.map((place) => place.field(step)),
                [this],
            );
    }

    /** Whether the list here has the element; the elements before it must be known. */
    includes(element: Scalar): boolean {
        const { value } = this;
        return Array.isArray(value) && value.some((one) => one === element);
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
