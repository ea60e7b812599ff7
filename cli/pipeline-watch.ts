import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "./errors";
import { Kubectl } from "./kubectl";

/** One step of a run, or one of the groups that Argo makes of them. */
export interface RunNode {
    readonly displayName: string;
    readonly type: string;
    readonly phase: string;
    readonly message?: string;
    readonly memoizationStatus?: { readonly hit: boolean };
    readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

export interface Run {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status?: {
        readonly phase?: string;
        readonly message?: string;
        readonly nodes?: Readonly<Record<string, RunNode>>;
    };
}

const POLL_MILLISECONDS = 1000;
const PATIENCE_MILLISECONDS = 60_000;
const ENDED = new Set(["Succeeded", "Failed", "Error"]);
/** Of a retried step its tries are shown, of a fan-out its members. */
const GROUPS = new Set(["DAG", "Retry", "TaskGroup", "Steps", "StepGroup"]);

export interface Clock {
    now(): number;
    sleep(milliseconds: number): Promise<unknown>;
}

/**
 * Follows a workflow to its end and says each change of each step once.
 *
 * @throws UserError when it is deleted, and when the cluster does not answer for a minute.
 */
export async function watchPipeline(
    kubectl: Pick<Kubectl, "find">,
    namespace: string,
    name: string,
    say: (line: string) => void,
    clock: Clock = { now: Date.now, sleep },
): Promise<Run> {
    const said = new Map<string, string>();
    let answered = clock.now();
    for (;;) {
        const run = ask();
        if (run !== undefined) {
            for (const line of changes(run, said)) say(line);
            if (ENDED.has(run.status?.phase ?? "")) return run;
        }
        await clock.sleep(POLL_MILLISECONDS);
    }

    function ask(): Run | undefined {
        try {
            const run = kubectl.find<Run>("workflow", name, "--namespace", namespace);
            if (run === undefined) throw new Deleted(`Workflow ${name} of namespace ${namespace} was deleted.`);
            answered = clock.now();
            return run;
        } catch (error) {
            const late = clock.now() - answered > PATIENCE_MILLISECONDS;
            if (late || error instanceof Deleted || !(error instanceof UserError)) throw error;
            return undefined;
        }
    }
}

class Deleted extends UserError {}

/** What has changed since the last look; remembers it in `said`. */
export function changes({ status }: Run, said: Map<string, string>): string[] {
    return Object.entries(status?.nodes ?? {}).flatMap(([id, node]) => {
        // A step that may be tried again and was taken from the cache has no tries.
        if (GROUPS.has(node.type) && node.memoizationStatus?.hit !== true) return [];
        const line = lineOf(node);
        if (said.get(id) === line) return [];
        said.set(id, line);
        return [line];
    });
}

function lineOf({ displayName, phase, message, memoizationStatus }: RunNode): string {
    const cached = memoizationStatus?.hit === true ? " (cached)" : "";
    return [`${displayName}: ${phase}${cached}`, ...(message ? [message] : [])].join("; ");
}

/** An output parameter of a step that succeeded. */
export function outputOf({ status }: Run, step: string, parameter: string): string | undefined {
    const nodes = Object.values(status?.nodes ?? {}).filter(
        ({ displayName, phase }) => phase === "Succeeded" && displayName.replace(/\(.*$/, "") === step,
    );
    const values = nodes.flatMap(({ outputs }) => outputs?.parameters ?? []).filter(({ name }) => name === parameter);
    return values[0]?.value;
}

/** Steps that failed by themselves, with what they said last. */
export function failuresOf({ status }: Run): string[] {
    return Object.values(status?.nodes ?? {})
        .filter(({ type, phase }) => type === "Pod" && (phase === "Failed" || phase === "Error"))
        .map(({ displayName, message }) => `${displayName}: ${message ?? "failed"}`);
}
