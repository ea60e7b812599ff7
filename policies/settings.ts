import { PolicyConfigSchema } from "@pulumi/policy";

import { Environment } from "./environment";

/** A limit that a team can change: in the file that `--policy-pack-config` names, under the rule's id. */
export interface Setting<T> {
    readonly name: string;
    /** Meaning and unit. */
    readonly description: string;
    readonly defaults: Readonly<Record<Environment, T>>;
    readonly schema: PolicyConfigSchema["properties"][string];
    /** The value in a configuration; absent where it has none of the right type. */
    read(value: unknown): T | undefined;
}

type Defaults<T> = Readonly<Record<Environment, T>>;

export function numberSetting(name: string, description: string, defaults: Defaults<number>): Setting<number> {
    return {
        name,
        description,
        defaults,
        schema: { type: "integer", minimum: 0 },
        read: (value) => (typeof value === "number" ? value : undefined),
    };
}

export function listSetting(
    name: string,
    description: string,
    defaults: Defaults<readonly string[]>,
): Setting<readonly string[]> {
    return {
        name,
        description,
        defaults,
        schema: { type: "array", items: { type: "string" } },
        read: (value) => {
            if (!Array.isArray(value)) return undefined;
            const elements: readonly unknown[] = value;
            return elements.filter((one) => typeof one === "string");
        },
    };
}

/** The same in every environment. */
export function everywhere<T>(value: T): Defaults<T> {
    return { local: value, dev: value, staging: value, prod: value };
}
