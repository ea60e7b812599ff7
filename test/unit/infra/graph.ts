import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { references } from "../../../images/catalogue";
import { buildOnAws } from "../../../infra/aws";
import { PlatformSpec, resolve } from "../../../infra/resolve";
import { surroundingsOf } from "../../../infra/stack-file";
import { Names, record, Registered } from "../../support/mocks";
import { exampleLock } from "../stacks/lock";

/** The stacks on AWS, each before those that stand on it. */
export const STACKS = ["dev", "staging-cluster", "staging", "prod-cluster", "prod"] as const;

/** What the engine is told of a resource beside what mocks are. */
export interface Node {
    readonly urn: string;
    /** URN; empty for what has none. */
    readonly parent: string;
    readonly type: string;
    readonly name: string;
    readonly protect: boolean;
}

export interface Graph {
    readonly resources: readonly Registered[];
    readonly nodes: readonly Node[];
}

export function specOf(stack: string): PlatformSpec {
    const file = join(__dirname, "../../../stacks", `Pulumi.${stack}.yaml`);
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const input = config["mlp:platform"];
    return resolve(input, references(), { ...surroundingsOf(input), lock: exampleLock(), today: "2026-11-24" });
}

export interface GraphOptions {
    readonly preview?: boolean;
    /** The cluster's stack has no output yet. */
    readonly emptyClusterStack?: boolean;
    readonly namesOf?: Names;
}

/** Everything that a stack's program registers. */
export async function graphOf(
    stack: string,
    { preview = false, emptyClusterStack = false, namesOf }: GraphOptions = {},
): Promise<Graph> {
    const spec = specOf(stack);
    const { cluster } = spec;
    if (cluster.kind !== "eks") throw new Error(`${stack} is not on AWS`);
    const nodes: Node[] = [];
    const outputs = emptyClusterStack
        ? {}
        : { cluster: plain(cluster.contract), kubeconfig: "kubeconfig", stores: STORES };
    const resources = await record(
        async () => {
            watch(nodes);
            await buildOnAws(spec, cluster);
        },
        preview,
        { [`organization/mlp/${spec.environment}-cluster`]: outputs },
        namesOf,
    );
    return { resources, nodes };
}

/** What a cluster's stack tells of them. */
const STORES = {
    store: {
        artifactsBucket: "artifacts",
        backupsBucket: "backups",
        aws: { kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/stores" },
    },
    server: { host: "database.invalid", caCertificates: "PEM", adminSecretName: "database-administrator" },
};

interface Request {
    getType(): string;
    getName(): string;
    getParent(): string;
    getProtect(): boolean;
}

type Register = (request: Request, done: (error: Error | null, answer?: { getUrn(): string }) => void) => void;

/** Mocks are not told of parents and protection: they stand in what goes to the engine. */
function watch(nodes: Node[]): void {
    const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, done) =>
        register(request, (error, answer) => {
            if (answer !== undefined) {
                nodes.push({
                    urn: answer.getUrn(),
                    parent: request.getParent(),
                    type: request.getType(),
                    name: request.getName(),
                    protect: request.getProtect(),
                });
            }
            done(error, answer);
        });
}

function plain(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value));
}

/** The tree of resources as text: type, name, and whether it is protected; siblings in order of their names. */
export function treeOf(nodes: readonly Node[], parent = "", depth = 0): string[] {
    const line = ({ type, name, protect }: Node) =>
        `${"  ".repeat(depth)}${type} ${name}${protect ? " (protected)" : ""}`;
    return nodes
        .filter((node) => node.parent === parent)
        .sort((a, b) => (line(a) < line(b) ? -1 : 1))
        .flatMap((node) => [line(node), ...treeOf(nodes, node.urn, depth + 1)]);
}
