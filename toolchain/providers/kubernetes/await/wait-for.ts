import { isObject, Json, JsonObject, parseJson } from "../../base/json";
import { compileJsonPath, text } from "./json-path";
import { condition, explain, Judge, READY, Verdict, waiting } from "./verdict";

export const WAIT_FOR = "pulumi.com/waitFor";

/**
 * Reads the annotation `pulumi.com/waitFor`: `jsonpath={.status.phase}=Running`, `condition=Ready`, or a JSON list of
 * such expressions, all of which must hold.
 *
 * @throws Error that names the annotation and what is wrong with it.
 */
export function parseWaitFor(annotation: string): Judge {
    const judges = expressions(annotation).map(parseExpression);
    return async (object, look): Promise<Verdict> => {
        for (const judge of judges) {
            const verdict = await judge(object, look);
            if (verdict.state !== "ready") return verdict;
        }
        return READY;
    };
}

function expressions(annotation: string): string[] {
    if (!annotation.trimStart().startsWith("[")) return [annotation];
    const list = parseList(annotation);
    if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === "string")) return list;
    throw new Error(`${WAIT_FOR}: a list must be JSON and hold one or more expressions`);
}

function parseList(annotation: string): Json {
    try {
        return parseJson(annotation);
    } catch {
        return null;
    }
}

function parseExpression(expression: string): Judge {
    const [, kind = "", rest = ""] = /^\s*(jsonpath|condition)=(.*)$/s.exec(expression) ?? [];
    if (kind === "condition") return conditionJudge(rest.trim());
    if (kind === "jsonpath") return pathJudge(rest.trim());
    throw new Error(
        `${WAIT_FOR}: ${JSON.stringify(expression)} is not allowed: jsonpath=<path>[=<value>] or condition=<type>[=<status>]`,
    );
}

function conditionJudge(rest: string): Judge {
    const [type = "", status = "True"] = rest.split("=");
    if (type === "") throw new Error(`${WAIT_FOR}: condition= needs the type of a condition, such as condition=Ready`);
    return (object) => {
        const found = condition(object, type);
        if (found?.status.toLowerCase() === status.toLowerCase()) return READY;
        const detail = explain(found);
        return waiting(`condition ${type} to be ${status}${detail === "" ? "" : ` (${detail})`}`);
    };
}

function pathJudge(rest: string): Judge {
    // A value may follow the path; an equals sign inside a filter belongs to the path.
    const [, braced, plain, value] = /^(?:(\{.*\})|((?:\[[^\]]*\]|[^=[])+))(?:=(.*))?$/s.exec(rest) ?? [];
    const path = braced ?? plain;
    if (path === undefined) throw new Error(`${WAIT_FOR}: jsonpath= needs a path, such as jsonpath={.status.phase}`);
    const select = compileJsonPath(path);
    return (object: JsonObject) => {
        const found = select([object]);
        const holds = value === undefined ? found.some(isPresent) : found.some((item) => text(item) === value);
        return holds ? READY : waiting(`${path} to ${value === undefined ? "exist" : `be ${value}`}`);
    };
}

const isPresent = (value: Json): boolean =>
    value !== null && value !== "" && !(isObject(value) && Object.keys(value).length === 0);
