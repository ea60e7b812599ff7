import { isObject, Json } from "../../base/json";

type Selector = (values: readonly Json[]) => Json[];

/**
 * Compiles the part of JSONPath that waiting needs: names, indices, `*` and filters `[?(@.type=="Ready")]`, with or
 * without the surrounding braces and the leading `$`.
 *
 * @throws Error that says what is wrong with the expression.
 */
export function compileJsonPath(expression: string): Selector {
    const path = expression
        .trim()
        .replace(/^\{(.*)\}$/, "$1")
        .trim()
        .replace(/^\$/, "");
    const steps = parse(path.startsWith(".") || path.startsWith("[") || path === "" ? path : `.${path}`, expression);
    return (values) => steps.reduce<Json[]>((found, step) => step(found), [...values]);
}

interface Token {
    readonly pattern: RegExp;
    readonly compile: (match: readonly string[]) => Selector;
}

const TOKENS: readonly Token[] = [
    { pattern: /^\.\*|^\[\*\]/, compile: () => (values) => values.flatMap(childrenOf) },
    { pattern: /^\.((?:[^.[\]\\]|\\.)+)/, compile: ([, name = ""]) => named(name.replace(/\\(.)/g, "$1")) },
    { pattern: /^\[(?:'([^']*)'|"([^"]*)")\]/, compile: ([, single, double]) => named(single ?? double ?? "") },
    { pattern: /^\[(-?\d+)\]/, compile: ([, index = "0"]) => indexed(Number(index)) },
    {
        pattern: /^\[\?\(?\s*@((?:[.[][^=!<>]+?))\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)"|([^\s)\]]+))\s*\)?\]/,
        compile: ([, path = "", operator = "==", single, double, bare]) =>
            filtered(compileJsonPath(path), operator === "==", single ?? double ?? bare ?? ""),
    },
];

function parse(path: string, expression: string): Selector[] {
    const steps: Selector[] = [];
    let rest = path;
    while (rest !== "") {
        const token = TOKENS.find(({ pattern }) => pattern.test(rest));
        const match = token?.pattern.exec(rest);
        if (token === undefined || match === null || match === undefined) {
            throw new Error(`cannot read the JSONPath ${JSON.stringify(expression)} at ${rest}`);
        }
        steps.push(token.compile(match));
        rest = rest.slice(match[0].length);
    }
    return steps;
}

function named(name: string): Selector {
    return (values) => values.flatMap((value) => (isObject(value) && value[name] !== undefined ? [value[name]] : []));
}

function indexed(index: number): Selector {
    return (values) => values.flatMap((value) => (Array.isArray(value) ? (value.at(index) ?? []) : []));
}

function filtered(select: Selector, equals: boolean, wanted: string): Selector {
    return (values) =>
        values
            .flatMap(childrenOf)
            .filter((child) => select([child]).some((found) => text(found) === wanted) === equals);
}

function childrenOf(value: Json): Json[] {
    return typeof value === "object" && value !== null ? Object.values(value) : [];
}

/** A found value as it is compared with the text of an expression. */
export function text(value: Json): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
