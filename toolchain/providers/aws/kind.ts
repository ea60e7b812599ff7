import { Json, JsonObject } from "../base/json";
import { CheckFailure } from "../base/provider";
import { ServedType } from "./served-types";
import { Store, Stored } from "./store";

/** A resource while it is made or changed. */
export interface Made {
    readonly urn: string;
    /** The program's name for it. */
    readonly name: string;
    readonly type: ServedType;
    readonly region: string;
    readonly inputs: JsonObject;
    /** Hexadecimal digits that belong to this resource alone, the same in every run. */
    hex(length: number): string;
}

/** A property that names another resource by its id, ARN or name. */
export interface Reference {
    /** `vpcConfig.subnetIds`; a `*` stands for every item of a list. */
    readonly path: string;
    readonly to: readonly ServedType[];
    /** Whether AWS refuses to delete the other one while this one exists. */
    readonly blocks: boolean;
}

/** What the simulator knows of a type beside its property names. */
export interface AwsKind {
    id(made: Made, store: Store): string;
    /** Property that gets a name of its own when the program gives none. */
    readonly named?: string;
    /** Values of inputs that were not given, as AWS fills them in. */
    readonly defaults?: JsonObject;
    /** Outputs that AWS invents. */
    computed?(made: Made, id: string, before: JsonObject | undefined): JsonObject;
    /** Outputs that a change of anything else changes. */
    readonly volatile?: readonly string[];
    /** Terraform's schema, from which the official plugin takes what forces a replacement. */
    readonly source?: string;
    /** Properties that force a replacement, in addition to those that CloudFormation calls create-only. */
    readonly replaces?: readonly string[];
    /** Create-only for CloudFormation, but changed in place by Terraform. */
    readonly updatable?: readonly string[];
    readonly references?: readonly Reference[];
    /** Types that AWS deletes together with this one. */
    readonly takesAlong?: readonly ServedType[];
    validate?(inputs: JsonObject): CheckFailure[];
    /** Why AWS would refuse to make it. */
    refusesCreate?(made: Made, store: Store): string | undefined;
    refusesUpdate?(before: Stored, news: JsonObject, store: Store): string | undefined;
    refusesDelete?(before: Stored, store: Store): string | undefined;
    /** What else there is afterwards: nodes. `before` and `after` are absent when it is made or deleted. */
    follow?(before: Stored | undefined, after: Stored | undefined): Promise<void>;
}

export type AwsKinds = Readonly<Partial<Record<ServedType, AwsKind>>>;

/** The account does not exist: AWS gives out no account id of zeros. */
export const ACCOUNT = "000000000000";

export function arn(service: string, region: string, resource: string): string {
    return `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
}

export function text(value: Json | undefined, otherwise = ""): string {
    return typeof value === "string" ? value : otherwise;
}
