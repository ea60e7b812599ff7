import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { dataDir } from "../toolchain/paths";

/** What a deployment had begun and not ended when its engine was killed. */
export interface PendingOperation {
    readonly type: string;
    /** As it stands in the state, with more than what we read. */
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
        readonly resources?: readonly { readonly urn: string }[];
        readonly pending_operations?: readonly PendingOperation[];
    };
}

/** A lock of the file backend. */
export interface Lock {
    /** Undefined where its writer was killed before it had said so. */
    readonly pid: number | undefined;
    readonly alive: boolean;
}

const LOOKS = 10;
const LOOK_MILLISECONDS = 100;

/** Locks that updates of this machine hold on a stack. One that is just being written is looked at again. */
export async function locksOf(project: string, stack: string): Promise<Lock[]> {
    const folder = dataDir("state", ".pulumi", "locks", "organization", project, stack);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const locks = await Promise.all(names.map((name) => lockIn(join(folder, name))));
    return locks.filter((lock) => lock !== undefined);
}

async function lockIn(file: string): Promise<Lock | undefined> {
    for (let look = 1; look <= LOOKS; look += 1) {
        try {
            const { pid } = JSON.parse(readFileSync(file, "utf8")) as { pid: number };
            return { pid, alive: isPulumi(pid) };
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // Its update has just ended.
            if (!(error instanceof SyntaxError)) throw error;
            await sleep(LOOK_MILLISECONDS);
        }
    }
    return { pid: undefined, alive: false };
}

// The number of an engine that was killed may be another program's by now.
function isPulumi(pid: number): boolean {
    try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi");
    } catch {
        return false; // There is no such process.
    }
}

/**
 * Removes what an engine killed while it wrote the state left beside it: a draft, or an empty file of attributes, with
 * which Pulumi cannot open a state that is whole ("failed to load checkpoint: EOF"). Without one it does.
 */
export function removeBrokenDrafts(project: string, stack: string): void {
    const folder = dataDir("state", ".pulumi", "stacks", project);
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        const broken = name.endsWith(".tmp") || (name.endsWith(".attrs") && statSync(file).size === 0);
        if (name.startsWith(`${stack}.json`) && broken) rmSync(file);
    }
}

/**
 * What only AWS can tell of: an unfinished creation may have made something that costs money, so it stays in the state
 * until somebody has looked. Pure.
 */
export function unsettled(pending: readonly PendingOperation[]): PendingOperation[] {
    return pending.filter(({ resource: { type } }) => /^(aws|eks):/.test(type));
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

export interface Managed {
    readonly metadata: { readonly managedFields?: readonly { readonly manager: string }[] };
}

/** Whether Pulumi made an object: one of the same name that somebody else made is no creation of ours. */
export function isPulumis({ metadata }: Managed): boolean {
    return metadata.managedFields?.some(({ manager }) => manager.startsWith("pulumi-kubernetes")) === true;
}

/**
 * The state with what a killed engine left open settled: an object that exists becomes a resource, for `refresh` to
 * read; what does not exist is forgotten and made anew, and so are unfinished updates and deletions. Pure.
 *
 * Pulumi's own `refresh --import-pending-creates` of 3.259 forgets such objects instead.
 */
export function settled(state: StackState, existing: readonly Candidate[]): StackState {
    const { deployment } = state;
    const pending = deployment?.pending_operations ?? [];
    const ids = new Map(existing.map(({ urn, id }) => [urn, id]));
    const adopted = new Map(
        pending.flatMap(({ type, resource }) => {
            const id = ids.get(resource.urn);
            return type !== "creating" || id === undefined ? [] : [[resource.urn, { ...resource, id }] as const];
        }),
    );
    const known = deployment?.resources ?? [];
    // A replacement takes its predecessor's place, and that is still to be deleted.
    const inPlace = known.map((one) => adopted.get(one.urn) ?? one);
    const replaced = known.filter(({ urn }) => adopted.has(urn)).map((one) => ({ ...one, delete: true }));
    // What is new stands last: whatever it depends on was there before it was begun.
    const added = [...adopted.values()].filter(({ urn }) => !known.some((one) => one.urn === urn));
    const resources = [...inPlace, ...added, ...replaced];
    return { ...state, deployment: { ...deployment, resources, pending_operations: unsettled(pending) } };
}
