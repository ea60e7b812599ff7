import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "./errors";
import { Kubectl } from "./kubectl";

interface Condition {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
}

interface TrainJob {
    readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Pod {
    readonly metadata: { readonly name: string };
    readonly status: {
        readonly phase: string;
        readonly conditions?: readonly Condition[];
        readonly containerStatuses?: readonly {
            readonly state: {
                readonly waiting?: { readonly reason?: string; readonly message?: string };
                readonly terminated?: { readonly reason?: string; readonly exitCode: number };
            };
        }[];
    };
}

/** How a job ended. */
export interface Outcome {
    readonly succeeded: boolean;
    readonly reason: string;
    /** Log lines of the first node. */
    readonly lines: readonly string[];
    /** Last lines of every pod that failed, by pod. */
    readonly failures: Readonly<Record<string, string>>;
}

const POLL_MILLISECONDS = 700;
const PATIENCE_SECONDS = 30;
const LAST_LINES = 15;

/** Time as the watcher needs it; a test gives its own. */
export interface Clock {
    now(): number;
    sleep(milliseconds: number): Promise<unknown>;
}

type Reader = Pick<Kubectl, "find" | "follow" | "text">;

/**
 * Follows a TrainJob to its end: says why it waits, what its pods do, and what its first node prints.
 *
 * @throws UserError when the job is deleted or does not appear, and when the cluster stops answering.
 */
export async function watchTraining(
    kubectl: Reader,
    namespace: string,
    job: string,
    say: (line: string) => void,
    clock: Clock = { now: Date.now, sleep },
): Promise<Outcome> {
    const lines: string[] = [];
    const patience = new Patience(`Training job ${job} of namespace ${namespace}`, clock);
    let stop: (() => void) | undefined;
    let said = "";
    try {
        for (;;) {
            const found = patience.ask(() => look(kubectl, namespace, job));
            const pods = found?.pods ?? [];
            const state = describe(pods);
            if (found !== undefined && state !== said) say((said = state));
            const first = pods.find(({ metadata }) => metadata.name.startsWith(`${job}-node-0-0-`));
            if (stop === undefined && first !== undefined && first.status.phase !== "Pending") {
                const follow = ["logs", "--follow", "--namespace", namespace, first.metadata.name];
                stop = kubectl.follow(follow, (line) => {
                    lines.push(line);
                    say(`  ${line}`);
                });
            }
            const end = found?.trainJob.status?.conditions?.find(
                ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
            );
            // The log's last lines may still be on their way.
            await clock.sleep(POLL_MILLISECONDS);
            if (end !== undefined) {
                const failures = end.type === "Failed" ? failuresOf(kubectl, namespace, pods) : {};
                return { succeeded: end.type === "Complete", reason: end.message ?? end.type, lines, failures };
            }
        }
    } finally {
        stop?.();
    }
}

interface Found {
    readonly trainJob: TrainJob;
    readonly pods: readonly Pod[];
}

function look(kubectl: Reader, namespace: string, job: string): Found | undefined {
    const trainJob = kubectl.find<TrainJob>("trainjob", job, "--namespace", namespace);
    if (trainJob === undefined) return undefined;
    const selector = ["--namespace", namespace, "--selector", `jobset.sigs.k8s.io/jobset-name=${job}`];
    return { trainJob, pods: kubectl.find<{ items: Pod[] }>("pods", ...selector)?.items ?? [] };
}

/** Bears a cluster that is silent, or an object that is not there yet, for a while and no longer. */
class Patience {
    private seen = false;
    private since: number;

    constructor(
        private readonly what: string,
        private readonly clock: Clock,
    ) {
        this.since = clock.now();
    }

    ask(look: () => Found | undefined): Found | undefined {
        const late = this.clock.now() - this.since > PATIENCE_SECONDS * 1000;
        let found: Found | undefined;
        try {
            found = look();
        } catch (error) {
            if (late || !(error instanceof UserError)) throw error;
            return undefined;
        }
        if (found === undefined) {
            if (this.seen) throw new UserError(`${this.what} was deleted while it ran.`);
            if (late) throw new UserError(`${this.what} is not there: run \`npm run status\` and try again.`);
            return undefined;
        }
        this.seen = true;
        this.since = this.clock.now();
        return found;
    }
}

/** One line about all pods: how many in which phase, and what those wait for that do not run. */
export function describe(pods: readonly Pod[]): string {
    if (pods.length === 0) return "waiting for the operator to create the pods";
    const phases = new Map<string, number>();
    for (const { status } of pods) phases.set(status.phase, (phases.get(status.phase) ?? 0) + 1);
    const counts = [...phases].sort().map(([phase, count]) => `${count} ${phase}`);
    const reasons = new Set(pods.map(waitingFor).filter((reason) => reason !== undefined));
    return [`pods: ${counts.join(", ")}`, ...reasons].join("; ");
}

function waitingFor({ status }: Pod): string | undefined {
    const unscheduled = status.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
    if (unscheduled !== undefined) return unscheduled.message ?? unscheduled.reason;
    const waiting = status.containerStatuses?.map(({ state }) => state.waiting).find((state) => state !== undefined);
    return waiting && [waiting.reason, waiting.message].filter((text) => text !== undefined).join(": ");
}

function failuresOf(kubectl: Reader, namespace: string, pods: readonly Pod[]): Record<string, string> {
    const failed = pods.filter(({ status }) => status.phase === "Failed");
    return Object.fromEntries(
        failed.map(({ metadata: { name }, status }) => {
            const end = status.containerStatuses?.[0]?.state.terminated;
            const log = kubectl.text("logs", "--namespace", namespace, `--tail=${LAST_LINES}`, name).trimEnd();
            return [name, `${end?.reason ?? "Failed"} (exit code ${end?.exitCode ?? "unknown"})\n${log}`];
        }),
    );
}
