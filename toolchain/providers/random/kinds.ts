import { randomBytes, randomInt, randomUUID } from "node:crypto";

import { GeneratedKind } from "../base/generated";
import { JsonObject, numberAt, stringAt } from "../base/json";
import { CHARACTER_DEFAULTS, characterFailures, pick, randomCharacters } from "./characters";
import { ADJECTIVES, ADVERBS, ANIMALS } from "./words";

const BASE = { required: [], defaults: {}, secrets: [], updatable: [], validate: () => [] };

async function bcrypt(password: string): Promise<string> {
    const { hash } = await import("bcryptjs");
    return hash(password, 10);
}

const password: GeneratedKind = {
    ...BASE,
    required: ["length"],
    defaults: CHARACTER_DEFAULTS,
    computed: ["result", "bcryptHash"],
    secrets: ["result", "bcryptHash"],
    validate: characterFailures,
    generate: async (inputs) => {
        const result = randomCharacters(inputs);
        return { id: "none", outputs: { result, bcryptHash: await bcrypt(result) } };
    },
    adopt: (id) => ({ id: "none", inputs: { length: id.length }, outputs: { result: id } }),
};

const string: GeneratedKind = {
    ...BASE,
    required: ["length"],
    defaults: CHARACTER_DEFAULTS,
    computed: ["result"],
    validate: characterFailures,
    generate: (inputs) => {
        const result = randomCharacters(inputs);
        return { id: result, outputs: { result } };
    },
    adopt: (id) => ({ id, inputs: { length: id.length }, outputs: { result: id } }),
};

const id: GeneratedKind = {
    ...BASE,
    required: ["byteLength"],
    computed: ["b64Std", "b64Url", "dec", "hex"],
    validate: (inputs) => atLeastOne(inputs, "byteLength"),
    generate: (inputs) => {
        const bytes = randomBytes(numberAt(inputs, "byteLength") ?? 0);
        const prefix = stringAt(inputs, "prefix") ?? "";
        const hex = bytes.toString("hex");
        const outputs = {
            b64Std: prefix + bytes.toString("base64"),
            b64Url: prefix + bytes.toString("base64url"),
            dec: prefix + BigInt(`0x${hex}`).toString(),
            hex: prefix + hex,
        };
        return { id: bytes.toString("base64url"), outputs };
    },
};

const bytes: GeneratedKind = {
    ...BASE,
    required: ["length"],
    computed: ["base64", "hex"],
    secrets: ["base64", "hex"],
    validate: (inputs) => atLeastOne(inputs, "length"),
    generate: (inputs) => {
        const value = randomBytes(numberAt(inputs, "length") ?? 0);
        return { id: "none", outputs: { base64: value.toString("base64"), hex: value.toString("hex") } };
    },
};

const uuid: GeneratedKind = {
    ...BASE,
    computed: ["result"],
    generate: () => {
        const result = randomUUID();
        return { id: result, outputs: { result } };
    },
    adopt: (id) => ({ id, inputs: {}, outputs: { result: id } }),
};

const integer: GeneratedKind = {
    ...BASE,
    required: ["min", "max"],
    computed: ["result"],
    validate: (inputs) => [
        ...(inputs.seed === undefined ? [] : [{ property: "seed", reason: "the stand-in has no seeded generator" }]),
        ...((numberAt(inputs, "min") ?? 0) <= (numberAt(inputs, "max") ?? 0)
            ? []
            : [{ property: "min", reason: "must not be above max" }]),
    ],
    generate: (inputs) => {
        const result = randomInt(numberAt(inputs, "min") ?? 0, (numberAt(inputs, "max") ?? 0) + 1);
        return { id: String(result), outputs: { result } };
    },
};

const pet: GeneratedKind = {
    ...BASE,
    defaults: { length: 2, separator: "-" },
    computed: [],
    validate: (inputs) => atLeastOne(inputs, "length"),
    generate: (inputs) => {
        const separator = stringAt(inputs, "separator") ?? "-";
        const prefix = stringAt(inputs, "prefix");
        const name = petWords(numberAt(inputs, "length") ?? 2);
        return { id: [...(prefix === undefined ? [] : [prefix]), ...name].join(separator), outputs: {} };
    },
};

function petWords(length: number): string[] {
    if (length <= 1) return [pick(ANIMALS)];
    const adverbs = Array.from({ length: length - 2 }, () => pick(ADVERBS));
    return [...adverbs, pick(ADJECTIVES), pick(ANIMALS)];
}

function atLeastOne(inputs: JsonObject, property: string) {
    const value = numberAt(inputs, property) ?? 0;
    if (Number.isInteger(value) && value >= 1) return [];
    return [{ property, reason: `${value} is not allowed: a whole number, at least 1` }];
}

/** Every type that the stand-in serves, by its token. */
export const RANDOM_KINDS: Readonly<Record<string, GeneratedKind>> = {
    "random:index/randomBytes:RandomBytes": bytes,
    "random:index/randomId:RandomId": id,
    "random:index/randomInteger:RandomInteger": integer,
    "random:index/randomPassword:RandomPassword": password,
    "random:index/randomPet:RandomPet": pet,
    "random:index/randomString:RandomString": string,
    "random:index/randomUuid:RandomUuid": uuid,
    "random:index/randomUuid4:RandomUuid4": uuid,
};
