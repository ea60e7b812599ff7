/** A plain value, as a program registers it. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

/** How a type of @pulumi/aws is written in CloudFormation. Names that differ only in case need no line. */
export interface Kind {
    readonly type: string;
    /** CloudFormation's path by ours: `vpcConfig` → `ResourcesVpcConfig`. Deeper paths are joined by dots. */
    readonly renamed?: Readonly<Record<string, string>>;
    /** Inputs that only Terraform's provider has, each with what it is for. */
    readonly ours?: Readonly<Record<string, string>>;
    /** Puts the inputs into CloudFormation's structure where renaming is not enough. */
    readonly shape?: (inputs: Values, name: string) => Values;
}

/** A resource that CloudFormation writes as a part of another one. */
export interface Part {
    /** Type of the whole, and the input that names it. */
    readonly of: string;
    readonly by: string;
    readonly into: (inputs: Values, whole: Values) => void;
}

export const json = (text: Value | undefined): Value =>
    typeof text === "string" ? (JSON.parse(text) as Value) : (text ?? null);
export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
export const without = (inputs: Values, ...names: string[]): Values =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));

export function present(values: Values): Values {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
