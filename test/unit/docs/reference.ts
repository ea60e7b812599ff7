import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { AnalyzeResult, Analyzer, PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer";

import * as library from "../../../components";

const COMPONENTS = join(__dirname, "../../../components");

const HEAD = `<!-- generated from the JSDoc in components/ by \`UPDATE=1 npx jest test/unit/docs\`: edit that instead -->

# Components

The components that \`@mlp/components\` exports, with their arguments and what they provide. **Bold** arguments are required;
an argument takes a plain value where its type says _plain_, and also an output of another resource elsewhere. Every
component takes its Kubernetes provider in \`opts.providers\`; only \`ExistingCluster\` makes one.
`;

/** Pulumi's own view of the exported components, as other languages would see them. */
function analyse(): AnalyzeResult {
    // Exported classes are components, save the one error.
    const names = Object.entries(library).flatMap(([name, value]) =>
        typeof value === "function" && /^[A-Z]/.test(name) && name !== "InvalidConfiguration" ? [name] : [],
    );
    return new Analyzer(COMPONENTS, "mlp", {}, new Set(names)).analyze();
}

/** docs/components.md as it should be. */
export function componentReference(): string {
    const { components, typeDefinitions } = analyse();
    const byName = <T extends { name: string }>(all: Record<string, T>) =>
        Object.values(all).sort((a, b) => (a.name < b.name ? -1 : 1));
    const sections = [
        ...byName(components).map(
            ({ name, description, inputs, outputs }) =>
                `## ${name}\n\n${prose(description)}\n\n${table("argument", inputs)}\n\n${table("provides", outputs)}`,
        ),
        "# Types",
        ...byName(typeDefinitions).map(({ name, description, properties, enum: values }) =>
            [
                `## ${name}`,
                prose(description),
                values ? values.map(({ name: key, value }) => `- \`${name}.${key}\`: \`${value}\``).join("\n") : "",
                properties ? table("field", properties) : "",
            ].join("\n\n"),
        ),
    ];
    return formatted([HEAD, ...sections].join("\n\n"));
}

/** Prettier loads itself by dynamic imports, which jest's sandbox does not have. */
function formatted(markdown: string): string {
    const prettier = require.resolve("prettier/bin/prettier.cjs");
    const args = [prettier, "--stdin-filepath", "docs/components.md"];
    return execFileSync(process.execPath, args, { input: markdown, encoding: "utf8", cwd: join(COMPONENTS, "..") });
}

function table(kind: string, properties: Record<string, PropertyDefinition>): string {
    const rows = Object.entries(properties).map(([name, property]) => {
        const required = kind !== "provides" && property.optional !== true;
        return `| ${required ? `**\`${name}\`**` : `\`${name}\``} | ${typeOf(property)} | ${cell(property.description)} |`;
    });
    return rows.length === 0 ? "" : [`| ${kind} | type | meaning |`, "| --- | --- | --- |", ...rows].join("\n");
}

function typeOf(property: PropertyDefinition): string {
    const plain = property.plain === true ? " (_plain_)" : "";
    return `${bareTypeOf(property)}${plain}`;
}

function bareTypeOf(property: PropertyDefinition): string {
    if ("$ref" in property) {
        const name = property.$ref.split(/[:/]/).at(-1) ?? "";
        const ours = property.$ref.startsWith("#/types/mlp:");
        return ours ? `[${name}](#${name.toLowerCase()})` : `${name} provider`;
    }
    if (property.items) return `array of ${bareTypeOf(property.items)}`;
    if (property.additionalProperties) return `map of ${bareTypeOf(property.additionalProperties)}`;
    return property.type;
}

/** A comment with a link in it reaches the analyzer as objects: its type then says more than it. */
function prose(text = ""): string {
    return text.includes("[object Object]") ? "See its type." : text.trim();
}

function cell(text?: string): string {
    return prose(text)
        .replace(/\s*\n\s*/g, " ")
        .replaceAll("|", "\\|");
}
