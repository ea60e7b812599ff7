import { Json, JsonObject } from "./json";
import { Difference } from "./paths";
import { Properties } from "./properties";

/** How a provider talks to the engine while it works. */
export interface Host {
    /** Shown in the resource's line while it works, then forgotten. */
    status(urn: string, message: string): void;
    /** Kept in the diagnostics at the end. */
    warn(urn: string, message: string): void;
    /** Aborted when the user interrupts: every wait ends. */
    readonly cancelled: AbortSignal;
}

export interface Target {
    readonly urn: string;
    /** The type token: `kubernetes:core/v1:ConfigMap`. */
    readonly type: string;
    readonly name: string;
}

export interface CheckRequest extends Target {
    readonly olds: Properties;
    readonly news: Properties;
    readonly randomSeed: Uint8Array;
    /** What the engine's autonaming configuration asks for. */
    readonly autonaming?: { readonly proposedName: string; readonly mode: "propose" | "enforce" | "disable" };
}

export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

export interface CheckResult {
    readonly inputs: Properties;
    readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends Target {
    readonly id: string;
    readonly oldInputs: Properties;
    readonly oldOutputs: Properties;
    readonly news: Properties;
}

export interface Diff {
    readonly differences: readonly Difference[];
    /** Those of the differences that no update can make. */
    readonly replaces?: readonly Difference[];
    readonly deleteBeforeReplace?: boolean;
}

export const NO_DIFF: Diff = { differences: [] };

export interface CreateRequest extends Target {
    readonly inputs: Properties;
    readonly timeoutSeconds: number;
    readonly preview: boolean;
}

export interface CreateResult {
    readonly id: string;
    readonly outputs: Properties;
}

export interface ReadRequest extends Target {
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
}

export interface ReadResult extends CreateResult {
    readonly inputs: Properties;
}

export interface UpdateRequest extends Target {
    readonly id: string;
    readonly oldInputs: Properties;
    readonly oldOutputs: Properties;
    readonly news: Properties;
    readonly timeoutSeconds: number;
    readonly preview: boolean;
}

export interface DeleteRequest extends Target {
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
    readonly timeoutSeconds: number;
}

/** What a provider of this folder serves. Everything else is refused by the server. */
export interface Provider {
    readonly name: string;
    /** Version of the official plugin that it stands in for. */
    readonly version: string;
    /** What it calls itself. A stand-in does the real thing; a simulator only pretends to. */
    readonly noun?: "stand-in" | "simulator";
    /** One sentence for `GetSchema`: that it is a stand-in, and for what. */
    readonly description: string;
    /** Where to get what this stand-in does not serve. */
    readonly cure: string;
    checkConfig?(news: Properties): CheckResult | Promise<CheckResult>;
    diffConfig?(olds: JsonObject, news: JsonObject): Diff;
    configure?(config: JsonObject, host: Host): void | Promise<void>;
    check(request: CheckRequest): CheckResult | Promise<CheckResult>;
    diff(request: DiffRequest): Diff | Promise<Diff>;
    create(request: CreateRequest): CreateResult | Promise<CreateResult>;
    read(request: ReadRequest): ReadResult | undefined | Promise<ReadResult | undefined>;
    update(request: UpdateRequest): Properties | Promise<Properties>;
    delete(request: DeleteRequest): void | Promise<void>;
    invoke?(token: string, args: JsonObject): Json | Promise<Json>;
}
