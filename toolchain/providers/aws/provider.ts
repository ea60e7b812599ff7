import { createHash } from "node:crypto";

import { ProviderError } from "../base/errors";
import { containsUnknown, equal, isObject, Json, JsonObject, UNKNOWN, without } from "../base/json";
import { Properties } from "../base/properties";
import * as base from "../base/provider";
import { unserved } from "../base/service";
import { checkInputs, DEFAULTED } from "./check";
import { diffInputs } from "./diff";
import { FUNCTIONS } from "./functions";
import { AWS_KINDS } from "./kinds";
import { AwsKind, Made, text } from "./kind";
import { dependents, missing } from "./references";
import { completed, outputsOf, restored, withheld } from "./outputs";
import { schemaOf } from "./schema";
import { ServedType } from "./served-types";
import { Store, Stored } from "./store";

/** Invents an AWS account: ids, defaults, refusals. Nothing of it exists. */
export class AwsSimulator implements base.Provider {
    readonly name = "aws";
    readonly version = "7.48.0";
    readonly noun = "simulator";
    readonly description =
        "A simulator of AWS in place of the official aws plugin: it invents ids and keeps a pretended account";
    readonly cure = "install the official plugin with: pulumi plugin install resource aws 7.48.0";
    private region = "us-east-1";
    private defaultTags: JsonObject = {};

    constructor(private readonly store: Store = new Store()) {}

    configure(config: JsonObject): void {
        this.region = text(config.region, process.env.AWS_REGION ?? this.region);
        const given = config.defaultTags;
        // Values that are no strings travel as JSON.
        const parsed: unknown = typeof given === "string" && given !== UNKNOWN ? JSON.parse(given) : given;
        const { tags } = isObject(parsed) ? parsed : {};
        this.defaultTags = isObject(tags) ? tags : {};
    }

    check(request: base.CheckRequest): base.CheckResult {
        const { type, kind } = this.kindOf(request.type);
        return checkInputs(type, kind, request, this.defaultTags);
    }

    diff(request: base.DiffRequest): base.Diff {
        const { type, kind } = this.kindOf(request.type);
        return diffInputs(type, kind, request);
    }

    async create(request: base.CreateRequest): Promise<base.CreateResult> {
        const { type, kind } = this.kindOf(request.type);
        const inputs = without(request.inputs.value, DEFAULTED);
        if (request.preview || containsUnknown(inputs)) {
            const outputs = outputsOf(kind, this.made(request, type, inputs, 0), UNKNOWN, undefined);
            return {
                id: "",
                outputs: { value: unknownOutputs(kind, outputs, inputs), secrets: request.inputs.secrets },
            };
        }
        const generation = this.store.nextGeneration(request.urn);
        const made = this.made(request, type, inputs, generation);
        const id = kind.id(made, this.store);
        const complete = completed(kind, inputs);
        const refusal =
            missing(this.store, kind, complete) ??
            this.exists(type, id) ??
            kind.refusesCreate?.({ ...made, inputs: complete }, this.store);
        if (refusal !== undefined) throw refused(`creating ${type} (${request.name})`, refusal);
        const outputs = outputsOf(kind, made, id, undefined);
        const stored = { type, id, urn: request.urn, region: made.region, generation, outputs };
        this.store.put({ ...stored, outputs: withheld(outputs, request.inputs.secrets) });
        await kind.follow?.(undefined, stored);
        return { id, outputs: { value: outputs, secrets: request.inputs.secrets } };
    }

    read(request: base.ReadRequest): base.ReadResult | undefined {
        const { type } = this.kindOf(request.type);
        const stored = this.store.find(type, request.id) ?? this.store.named(type, request.id);
        if (stored === undefined) return undefined;
        const outputs = restored(stored.outputs, request.outputs);
        return {
            id: stored.id,
            inputs: { value: inputsRead(type, request, outputs), secrets: request.inputs.secrets },
            outputs: { value: outputs, secrets: request.outputs.secrets },
        };
    }

    async update(request: base.UpdateRequest): Promise<Properties> {
        const { type, kind } = this.kindOf(request.type);
        const inputs = without(request.news.value, DEFAULTED);
        const before = this.store.find(type, request.id);
        const made = this.made(request, type, inputs, before?.generation ?? 0);
        const { secrets } = request.news;
        if (request.preview || containsUnknown(inputs)) {
            const old = outputsOf(kind, made, request.id, request.oldOutputs.value);
            const volatile = (kind.volatile ?? []).map((key) => [key, UNKNOWN]);
            return { value: { ...old, ...(Object.fromEntries(volatile) as JsonObject) }, secrets };
        }
        if (before === undefined) throw refused(`updating ${type} (${request.id})`, "NotFound: it is gone");
        const complete = completed(kind, inputs);
        const refusal = missing(this.store, kind, complete) ?? kind.refusesUpdate?.(before, complete, this.store);
        if (refusal !== undefined) throw refused(`updating ${type} (${request.id})`, refusal);
        const outputs = outputsOf(kind, made, request.id, before.outputs);
        const after = { ...before, outputs };
        this.store.put({ ...after, outputs: withheld(outputs, secrets) });
        await kind.follow?.(before, after);
        return { value: outputs, secrets };
    }

    async delete(request: base.DeleteRequest): Promise<void> {
        const { type, kind } = this.kindOf(request.type);
        const stored = this.store.find(type, request.id);
        // What is gone already needs no deleting.
        if (stored === undefined) return;
        const holding = dependents(this.store, AWS_KINDS, stored);
        const refusal =
            kind.refusesDelete?.(stored, this.store) ??
            (holding.length === 0
                ? undefined
                : `DependencyViolation: still used by ${holding.map(described).join(", ")}`);
        if (refusal !== undefined) throw refused(`deleting ${type} (${request.id})`, refusal);
        await kind.follow?.(stored, undefined);
        for (const along of this.store.ofType(...(kind.takesAlong ?? []))) {
            if (along.outputs.clusterName === stored.outputs.name) this.store.remove(along.type, along.id);
        }
        this.store.remove(type, request.id);
    }

    invoke(token: string, args: JsonObject): Json {
        const answer = FUNCTIONS[token];
        if (answer === undefined) throw unserved(this, `function ${token}`);
        return answer(args, this.region);
    }

    private kindOf(type: string): { readonly type: ServedType; readonly kind: AwsKind } {
        const kind = AWS_KINDS[type as ServedType];
        if (kind === undefined) throw unserved(this, `type ${type}`);
        return { type: type as ServedType, kind };
    }

    /** Made again, a resource gets other digits: no two ids are the same. */
    private made({ urn, name }: base.Target, type: ServedType, inputs: JsonObject, generation: number): Made {
        const hex = (length: number): string => {
            const digits = createHash("sha256").update(`${urn} ${generation}`).digest("hex");
            return digits.slice(0, length);
        };
        return { urn, name, type, region: text(inputs.region, this.region), inputs, hex };
    }

    private exists(type: ServedType, id: string): string | undefined {
        return this.store.find(type, id) === undefined ? undefined : `AlreadyExists: ${id} is already there`;
    }
}

function refused(doing: string, why: string): ProviderError {
    return new ProviderError(`${doing}: ${why} (said by the aws simulator)`);
}

function described({ type, id }: Stored): string {
    return `${type.split(":").at(-1) ?? type} ${id}`;
}

/** What AWS would invent is not known yet. */
function unknownOutputs(kind: AwsKind, outputs: JsonObject, inputs: JsonObject): JsonObject {
    const known = completed(kind, inputs);
    const entries = Object.entries(outputs).map(([key, value]) => [
        key,
        key in inputs || key in known || key === "region" || key === "tagsAll" ? value : UNKNOWN,
    ]);
    return Object.fromEntries(entries) as JsonObject;
}

/** Inputs follow what has changed since the last look: that is drift. An import has them all from the account. */
function inputsRead(type: ServedType, { inputs, outputs }: base.ReadRequest, live: JsonObject): JsonObject {
    if (Object.keys(outputs.value).length === 0) return importable(type, live);
    const entries = Object.entries(inputs.value).map(([key, value]) => {
        const moved = !equal(live[key], outputs.value[key]);
        return [key, moved && live[key] !== undefined ? live[key] : value];
    });
    return Object.fromEntries(entries) as JsonObject;
}

function importable(type: ServedType, live: JsonObject): JsonObject {
    const { inputs } = schemaOf(type);
    return Object.fromEntries(Object.entries(live).filter(([key]) => key in inputs));
}
