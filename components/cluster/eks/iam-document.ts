import * as pulumi from "@pulumi/pulumi";

export interface Conditions {
    readonly [operator: string]: { readonly [key: string]: string | readonly string[] };
}

/** Nothing is ever denied: what no statement allows is not allowed. */
export interface Statement {
    readonly Sid: string;
    readonly Effect: "Allow";
    readonly Principal?: { readonly [kind: string]: string };
    readonly Action: readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Condition?: Conditions;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface PolicyDocument {
    readonly Version: "2012-10-17";
    readonly Statement: readonly Statement[];
}

export function policy(...statements: readonly Omit<Statement, "Effect">[]): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: statements.map(({ Sid, ...rest }) => ({ Sid, Effect: "Allow", ...rest })),
    };
}

/** The JSON that AWS takes, once what the document is made of is known. */
export function documentOf<T>(facts: pulumi.Output<T>, write: (known: T) => PolicyDocument): pulumi.Output<string> {
    return facts.apply((known) => JSON.stringify(write(known)));
}
