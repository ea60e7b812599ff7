import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { dataDir } from "../toolchain/paths";

/** What a deployment had begun and not ended when its engine was killed. */
export interface PendingOperation {
    readonly type: string;
    readonly resource: {
        readonly urn: string;
        readonly type: string;
        readonly inputs?: {
            readonly apiVersion?: string;
            readonly kind?: string;
            readonly metadata?: { readonly name?: string; readonly namespace?: string };
        };
    };
}

/** An exported state, as far as we read it. */
export interface StackState {
    readonly deployment?: {
        readonly resources?: readonly unknown[];
        readonly pending_operations?: readonly PendingOperation[];
    };
}

/** A lock of the file backend. */
export interface Lock {
    readonly pid: number;
    readonly alive: boolean;
}

/** Locks that updates of this machine hold on a stack. */
export function locksOf(project: string, stack: string): Lock[] {
    const folder = dataDir("state", ".pulumi", "locks", "organization", project, stack);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map((name) => {
        const { pid } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number };
        return { pid, alive: existsSync(`/proc/${pid}`) };
    });
}

/** A Kubernetes object that a pending creation may have made. */
export interface Candidate {
    readonly urn: string;
    /** Pulumi's id: `namespace/name`, or the name alone. */
    readonly id: string;
    /** Arguments of `kubectl get`. */
    readonly lookUp: readonly string[];
}

/** Objects that were being created when the engine ended, under the names that they were given. Pure. */
export function candidatesOf(pending: readonly PendingOperation[]): Candidate[] {
    return pending.flatMap(({ type, resource: { urn, inputs } }) => {
        const { apiVersion, kind, metadata } = inputs ?? {};
        if (type !== "creating" || kind === undefined || apiVersion === undefined || metadata?.name === undefined)
            return [];
        const [version, group] = apiVersion.split("/").reverse();
        const { name, namespace } = metadata;
        return [
            {
                urn,
                id: namespace === undefined ? name : `${namespace}/${name}`,
                lookUp: [
                    group === undefined ? kind : `${kind}.${version}.${group}`,
                    name,
                    ...(namespace === undefined ? [] : ["--namespace", namespace]),
                ],
            },
        ];
    });
}

/**
 * Arguments of `pulumi refresh` that settle what a killed engine left open: what exists becomes part of the state, and
 * everything else is forgotten and made anew. Pure.
 */
export function settlingArguments(existing: readonly Candidate[]): string[] {
    const pairs = existing.flatMap(({ urn, id }) => [urn, id]);
    return [...pairs.flatMap((text) => ["--import-pending-creates", text]), "--clear-pending-creates"];
}
