import { setTimeout as sleep } from "node:timers/promises";

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
const LAST_LINES = 15;

/** Follows a TrainJob to its end: says why it waits, what its pods do, and what its first node prints. */
export async function watchTraining(
    kubectl: Kubectl,
    namespace: string,
    job: string,
    say: (line: string) => void,
): Promise<Outcome> {
    const lines: string[] = [];
    let stop: (() => void) | undefined;
    let said = "";
    try {
        for (;;) {
            const trainJob = kubectl.get<TrainJob>("trainjob", job, "--namespace", namespace);
            const selector = `jobset.sigs.k8s.io/jobset-name=${job}`;
            const pods =
                kubectl.get<{ items: Pod[] }>("pods", "--namespace", namespace, "--selector", selector)?.items ?? [];
            const state = describe(pods);
            if (state !== said) say((said = state));
            const first = pods.find(({ metadata }) => metadata.name.startsWith(`${job}-node-0-0-`));
            if (stop === undefined && first !== undefined && first.status.phase !== "Pending") {
                const follow = ["logs", "--follow", "--namespace", namespace, first.metadata.name];
                stop = kubectl.follow(follow, (line) => {
                    lines.push(line);
                    say(`  ${line}`);
                });
            }
            const end = trainJob?.status?.conditions?.find(
                ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
            );
            if (end !== undefined) {
                // The log's last lines may still be on their way.
                await sleep(POLL_MILLISECONDS);
                const failures = end.type === "Failed" ? failuresOf(kubectl, namespace, pods) : {};
                return { succeeded: end.type === "Complete", reason: end.message ?? end.type, lines, failures };
            }
            await sleep(POLL_MILLISECONDS);
        }
    } finally {
        stop?.();
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

function failuresOf(kubectl: Kubectl, namespace: string, pods: readonly Pod[]): Record<string, string> {
    const failed = pods.filter(({ status }) => status.phase === "Failed");
    return Object.fromEntries(
        failed.map(({ metadata: { name }, status }) => {
            const end = status.containerStatuses?.[0]?.state.terminated;
            const log = kubectl.text("logs", "--namespace", namespace, `--tail=${LAST_LINES}`, name).trimEnd();
            return [name, `${end?.reason ?? "Failed"} (exit code ${end?.exitCode ?? "unknown"})\n${log}`];
        }),
    );
}
