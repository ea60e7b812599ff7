import type { z } from "zod";

import { Problem } from "../components/problems";

type Issue = z.core.$ZodIssue;

/** Zod's issues in our words: path as in the stack file, what was found, what is allowed, what to do. */
export function problemsOf(issues: readonly Issue[], root: string, input: unknown): Problem[] {
    return issues.flatMap((issue) => {
        const path = pathOf(issue.path, root);
        const found = valueAt(input, issue.path);
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) => ({
                path: `${path}.${key}`,
                found: valueAt(input, [...issue.path, key]),
                allowed: "no such key here",
                fix: "Correct its spelling or take it out; the schema is in stacks/platform.schema.json.",
            }));
        }
        return [{ path, found, allowed: allowedBy(issue), fix: "Correct it in the stack file." }];
    });
}

function allowedBy(issue: Issue): string {
    switch (issue.code) {
        case "invalid_value":
            return `one of ${issue.values.map(String).join(", ")}`;
        case "invalid_type":
            return `of type ${issue.expected}`;
        case "too_small":
            return `${String(issue.minimum)} or more`;
        case "too_big":
            return `${String(issue.maximum)} or less`;
        case "invalid_union":
            return "options" in issue ? `one of ${issue.options.map(String).join(", ")}` : issue.message;
        case "invalid_format":
        case "custom":
        case "invalid_element":
        case "invalid_key":
        case "not_multiple_of":
        case "unrecognized_keys":
            return issue.message;
    }
}

function pathOf(path: readonly PropertyKey[], root: string): string {
    return path.reduce<string>(
        (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
        root,
    );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (value, key) =>
            typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
        input,
    );
}
