import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import * as ts from "typescript";

import { repositoryRoot } from "../paths";
import { SERVED_TYPES } from "../providers/aws/served-types";

/** Where the simulator reads it. */
export const AWS_SCHEMA_FILE = "toolchain/providers/aws/schema.generated.json";

/** `string`, `number`, `boolean`, `any`, or one of them behind `list:`, `map:`, `object:NAME`. */
type TypeName = string;
type Properties = Record<string, TypeName>;

type Database = Awaited<ReturnType<typeof loadAwsServiceSpec>>;

interface GeneratedType {
    readonly inputs: Properties;
    readonly required: readonly string[];
    readonly outputs: readonly string[];
    readonly replaces: readonly string[];
}

/**
 * What the aws simulator checks resources against: property names and shapes from the SDK's own declarations, which
 * Pulumi generates from the official plugin's schema, and what forces a replacement from AWS's CloudFormation schemas.
 *
 * @returns the contents of the generated file.
 */
export async function generateAwsSchema(): Promise<string> {
    const database = await loadAwsServiceSpec();
    const objects = new Map<string, Properties>();
    const nested = nestedTypes();
    const types = Object.entries(SERVED_TYPES).map(([token, cloudFormation]) => {
        const declared = declarationOf(token);
        for (const type of Object.values(declared.inputs)) collect(type, nested, objects);
        const replaces = cloudFormation === undefined ? [] : replacing(database, cloudFormation, declared.inputs);
        return [token, { ...declared, replaces }] satisfies [string, GeneratedType];
    });
    const sorted = [...objects].sort(([a], [b]) => (a < b ? -1 : 1));
    const document = {
        generatedBy: "npm run generate",
        types: Object.fromEntries(types),
        objects: Object.fromEntries(sorted),
    };
    return `${JSON.stringify(document)}\n`;
}

const sdk = (): string => dirname(require.resolve("@pulumi/aws/package.json", { paths: [repositoryRoot] }));

function parse(...path: string[]): ts.SourceFile {
    const file = join(sdk(), ...path);
    return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
}

/** Inputs and outputs of `aws:eks/cluster:Cluster`, from `eks/cluster.d.ts`. */
function declarationOf(token: string): Omit<GeneratedType, "replaces"> {
    const [, path = "", name = ""] = token.split(":");
    const source = parse(`${path}.d.ts`);
    const inputs: Properties = {};
    const required: string[] = [];
    const outputs: string[] = [];
    for (const statement of source.statements) {
        if (ts.isInterfaceDeclaration(statement) && statement.name.text === `${name}Args`) {
            Object.assign(inputs, membersOf(statement, source, required));
        }
        if (ts.isClassDeclaration(statement) && statement.name?.text === name) {
            for (const member of statement.members) {
                const isOutput = ts.isPropertyDeclaration(member) && !isStatic(member);
                if (isOutput) outputs.push(member.name.getText(source));
            }
        }
    }
    return { inputs, required, outputs };
}

function isStatic(member: ts.PropertyDeclaration): boolean {
    return member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

function membersOf(declaration: ts.InterfaceDeclaration, source: ts.SourceFile, required?: string[]): Properties {
    const members: Properties = {};
    for (const member of declaration.members) {
        if (!ts.isPropertySignature(member) || member.type === undefined) continue;
        const name = member.name.getText(source);
        members[name] = typeName(member.type, source);
        if (member.questionToken === undefined) required?.push(name);
    }
    return members;
}

function typeName(node: ts.TypeNode, source: ts.SourceFile): TypeName {
    if (ts.isUnionTypeNode(node)) {
        const parts = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
        const names = new Set(parts.map((part) => typeName(part, source)));
        const [only] = names;
        return names.size === 1 && only !== undefined ? only : unionName(names);
    }
    if (ts.isArrayTypeNode(node)) return `list:${typeName(node.elementType, source)}`;
    if (ts.isTypeLiteralNode(node)) {
        const [index] = node.members;
        return index !== undefined && ts.isIndexSignatureDeclaration(index)
            ? `map:${typeName(index.type, source)}`
            : "any";
    }
    if (node.kind === ts.SyntaxKind.StringKeyword) return "string";
    if (node.kind === ts.SyntaxKind.NumberKeyword) return "number";
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
    if (!ts.isTypeReferenceNode(node)) return "any";
    const reference = node.typeName.getText(source);
    const [argument] = node.typeArguments ?? [];
    if (reference === "pulumi.Input" && argument !== undefined) return typeName(argument, source);
    return reference.startsWith("inputs.") ? `object:${reference.slice("inputs.".length)}` : "any";
}

/** A string or one of its enum's constants is a string; a string or a resource as well: the SDK sends its name. */
function unionName(names: ReadonlySet<string>): TypeName {
    const known = [...names].filter((name) => name !== "any");
    return known.length === 1 && known[0] === "string" ? "string" : "any";
}

/** Every object type that appears inside inputs, by `eks.ClusterVpcConfig`. */
function nestedTypes(): ReadonlyMap<string, () => Properties> {
    const source = parse("types", "input.d.ts");
    const found = new Map<string, () => Properties>();
    const visit = (statement: ts.Statement, prefix: string): void => {
        if (ts.isInterfaceDeclaration(statement)) {
            found.set(prefix + statement.name.text, () => membersOf(statement, source));
        }
        if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)) {
            for (const inner of statement.body.statements) visit(inner, `${prefix}${statement.name.text}.`);
        }
    };
    for (const statement of source.statements) visit(statement, "");
    return found;
}

function collect(
    type: TypeName,
    nested: ReadonlyMap<string, () => Properties>,
    objects: Map<string, Properties>,
): void {
    const [, name] = /object:(.*)$/.exec(type) ?? [];
    if (name === undefined || objects.has(name)) return;
    const properties = nested.get(name)?.();
    if (properties === undefined) throw new Error(`@pulumi/aws declares no input type ${name}`);
    objects.set(name, properties);
    for (const inner of Object.values(properties)) collect(inner, nested, objects);
}

/** Properties that AWS's own schema calls create-only, by the SDK's names for them. */
function replacing(database: Database, cloudFormation: string, inputs: Properties): string[] {
    const { properties } = database.lookup("resource", "cloudFormationType", "equals", cloudFormation).only();
    return Object.entries(properties)
        .filter(([, { causesReplacement }]) => causesReplacement === "yes")
        .flatMap(([name]) => Object.keys(inputs).filter((input) => isSame(input, name)))
        .filter((input, index, all) => all.indexOf(input) === index)
        .sort();
}

function isSame(input: string, cloudFormation: string): boolean {
    const [a, b] = [input.toLowerCase(), cloudFormation.toLowerCase()];
    return ["", "arn", "id", "s"].some((suffix) => a === b + suffix || b === a + suffix);
}
