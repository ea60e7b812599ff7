import { execFileSync } from "node:child_process";

import { z } from "zod";

import { platformSchema } from "../../../infra/config";

interface Schema {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly oneOf?: readonly Schema[];
    readonly anyOf?: readonly Schema[];
    readonly default?: unknown;
    readonly const?: unknown;
}

/** A key of a stack file: its path, an array's with `[]`, and what it means. */
interface Row {
    readonly key: string;
    readonly meaning: string;
}

/** Every key below `mlp:platform` that holds a value. */
export function rowsOf({ properties, items, oneOf, anyOf, ...own }: Schema, path = ""): Row[] {
    const choices = [...(oneOf ?? []), ...(anyOf ?? [])];
    if (choices.length > 0) return choices.flatMap((choice) => rowsOf(choice, path));
    if (items?.properties !== undefined) return rowsOf(items, `${path}[]`);
    if (properties === undefined) return [{ key: path, meaning: meaningOf(own) }];
    return Object.entries(properties).flatMap(([key, inner]) => rowsOf(inner, path === "" ? key : `${path}.${key}`));
}

function meaningOf({ description = "", default: preset }: Schema): string {
    const said = preset === undefined || /\bDefault: /.test(description);
    const text = said ? description : `${description} Default: ${told(preset)}.`;
    return text.replaceAll("|", "\\|");
}

function told(preset: unknown): string {
    const empty = typeof preset === "object" && preset !== null && Object.keys(preset).length === 0;
    return empty ? "none" : `\`${String(preset)}\``;
}

/** docs/configuration.md. */
export function configurationPage(): string {
    const schema = z.toJSONSchema(platformSchema, { io: "input" }) as Schema;
    const { cluster, ...rest } = schema.properties ?? {};
    const kinds = cluster?.oneOf ?? cluster?.anyOf ?? [];
    const text = [
        "<!-- generated from infra/config.ts by `UPDATE=1 npx jest test/unit/docs`: edit that instead -->",
        "# Stack files",
        "Every key below `mlp:platform` of `stacks/Pulumi.<environment>.yaml`. An editor completes them by",
        "[platform.schema.json](../stacks/platform.schema.json); mistakes are told all at once, before anything is changed.",
        "",
        ...table(rowsOf({ properties: rest })),
        ...kinds.flatMap((kind) => [
            `## cluster.kind: ${String(kind.properties?.kind?.const)}`,
            kind.description ?? "",
            "",
            ...table(
                rowsOf({ properties: kind.properties ?? {} }, "cluster").filter(({ key }) => key !== "cluster.kind"),
            ),
        ]),
    ];
    return formatted(`${text.join("\n")}\n`);
}

function table(rows: readonly Row[]): string[] {
    return ["| key | meaning |", "| --- | --- |", ...rows.map(({ key, meaning }) => `| \`${key}\` | ${meaning} |`), ""];
}

function formatted(text: string): string {
    const prettier = require.resolve("prettier/bin/prettier.cjs");
    const args = [prettier, "--stdin-filepath", "docs/configuration.md"];
    return execFileSync(process.execPath, args, { input: text, encoding: "utf8" });
}
