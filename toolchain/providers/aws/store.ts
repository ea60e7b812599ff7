import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { dataDir } from "../../paths";
import { isObject, JsonObject, parseJson, stringAt } from "../base/json";
import { ServedType } from "./served-types";

/** A resource as the simulated account holds it. Secrets are held as {@link WITHHELD}. */
export interface Stored {
    readonly type: ServedType;
    readonly id: string;
    readonly urn: string;
    readonly region: string;
    /** How many of this URN there were before it. */
    readonly generation: number;
    readonly outputs: JsonObject;
}

/** Stands in the store where a secret stands in the state. */
export const WITHHELD = "(withheld by the aws simulator)";

/** Names the folder of the simulated account. */
export const STORE_VARIABLE = "MLP_SIMULATED_AWS";

export function storeFolder(): string {
    const chosen = process.env[STORE_VARIABLE];
    return chosen === undefined || chosen === "" ? dataDir("simulated-aws") : resolve(chosen);
}

/**
 * The simulated account: a folder with one file per resource, so that providers of one engine can share it and a
 * person can edit it to simulate drift.
 */
export class Store {
    constructor(private readonly folder: string = storeFolder()) {}

    all(): Stored[] {
        if (!existsSync(this.folder)) return [];
        const files = readdirSync(this.folder).filter((file) => file.endsWith(".json"));
        return files.sort().flatMap((file) => read(join(this.folder, file)) ?? []);
    }

    ofType(...types: readonly ServedType[]): Stored[] {
        return this.all().filter(({ type }) => types.includes(type));
    }

    find(type: ServedType, id: string): Stored | undefined {
        return read(this.file(type, id));
    }

    /** The resource of this type that has this id, ARN or name. */
    named(type: ServedType, handle: string): Stored | undefined {
        return this.find(type, handle) ?? this.ofType(type).find((stored) => handlesOf(stored).includes(handle));
    }

    put(stored: Stored): void {
        mkdirSync(this.folder, { recursive: true, mode: 0o700 });
        const file = this.file(stored.type, stored.id);
        const draft = `${file}.${randomBytes(4).toString("hex")}`;
        writeFileSync(draft, `${JSON.stringify(stored, null, 4)}\n`, { mode: 0o600 });
        renameSync(draft, file);
    }

    /** Counts what was ever made for a URN: a successor gets another id, even where it comes after. */
    nextGeneration(urn: string): number {
        const folder = join(this.folder, "generations");
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const file = join(folder, createHash("sha256").update(urn).digest("hex").slice(0, 16));
        const next = existsSync(file) ? Number(readFileSync(file, "utf8")) + 1 : 0;
        writeFileSync(file, String(next), { mode: 0o600 });
        return next;
    }

    remove(type: ServedType, id: string): void {
        rmSync(this.file(type, id), { force: true });
    }

    private file(type: ServedType, id: string): string {
        const hash = createHash("sha256").update(`${type} ${id}`).digest("hex").slice(0, 12);
        return join(this.folder, `${type.split(":").at(-1) ?? ""}-${hash}.json`);
    }
}

/** Everything by which other resources name this one. */
export function handlesOf({ id, outputs }: Stored): string[] {
    const names = ["arn", "name", "allocationId", "keyId", "url"];
    return [id, ...names.flatMap((name) => stringAt(outputs, name) ?? [])];
}

function read(file: string): Stored | undefined {
    if (!existsSync(file)) return undefined;
    const document = parseJson(readFileSync(file, "utf8"));
    return isObject(document) ? (document as unknown as Stored) : undefined;
}
