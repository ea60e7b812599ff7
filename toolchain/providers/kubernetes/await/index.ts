import { JsonObject, objectsAt, stringAt } from "../../base/json";
import { Host } from "../../base/provider";
import { annotation, describeReference, isTrueAnnotation, Reference } from "../objects";
import { sleep } from "../time";
import { judgeOf } from "./judges";
import { Reader, steadily } from "./outage";
import { reasons } from "./reasons";
import { Judge, Look, Verdict } from "./verdict";
import { parseWaitFor, WAIT_FOR } from "./wait-for";

const DEFAULT_SECONDS = 600;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 1_000;
/** A wait that takes longer has a cause, and its user wants to know it before the time is over. */
const REASONS_EVERY = 10_000;
const PROVING_TIME = 1_500;
const PROVEN_BY_RUNNING = new Set(["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]);

export interface Wait {
    readonly reference: Reference;
    readonly urn: string;
    readonly inputs: JsonObject;
    /** The program's custom timeout; 0 when it has none. */
    readonly timeoutSeconds: number;
    readonly live: JsonObject;
}

/** How a wait ended: the newest object and, where it is not ready, why. */
export interface Outcome {
    readonly live: JsonObject;
    readonly problems: readonly string[];
}

/** What being ready means for this object; nothing when it need not be waited for. */
export function judgeFor(inputs: JsonObject): Judge | undefined {
    if (isTrueAnnotation(inputs, "pulumi.com/skipAwait")) return undefined;
    const expression = annotation(inputs, WAIT_FOR);
    return expression === undefined ? judgeOf(inputs) : parseWaitFor(expression);
}

/** Seconds to wait at most: the program's custom timeout, else the annotation's, else ten minutes. */
export function timeoutOf(inputs: JsonObject, customSeconds: number): number {
    if (customSeconds > 0) return customSeconds;
    const given = Number(annotation(inputs, "pulumi.com/timeoutSeconds"));
    return Number.isFinite(given) && given > 0 ? given : DEFAULT_SECONDS;
}

/**
 * How long a workload must look ready. Without a readiness probe a container is ready as soon as it runs, even one that
 * ends a moment later.
 */
export function provingTime(object: JsonObject): number {
    const template = objectsAt(object, "spec", "template", "spec", "containers");
    const isWorkload = PROVEN_BY_RUNNING.has(stringAt(object, "kind") ?? "");
    return isWorkload && template.some((container) => container.readinessProbe === undefined) ? PROVING_TIME : 0;
}

/** Waits until an object is ready, has failed, or the time is over. */
export async function awaitReady(reader: Reader, host: Host, wait: Wait): Promise<Outcome> {
    const judge = judgeFor(wait.inputs);
    if (judge === undefined) return { live: wait.live, problems: [] };
    const { reference, urn } = wait;
    const seconds = timeoutOf(wait.inputs, wait.timeoutSeconds);
    const until = Date.now() + seconds * 1000;
    let { live } = wait;
    let told = "";
    const say = (message: string): void => {
        if (message !== told) host.status(urn, `waiting for ${message}`);
        told = message;
    };
    const cluster = steadily(reader, { cancelled: host.cancelled, say });
    const look = lookAt(cluster);
    let why = "";
    let askAgain = Date.now() + REASONS_EVERY;
    let readySince: number | undefined;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE)) {
        const verdict = await judge(live, look);
        readySince = verdict.state === "ready" ? (readySince ?? Date.now()) : undefined;
        if (readySince !== undefined && Date.now() - readySince >= provingTime(live)) return { live, problems: [] };
        if (verdict.state === "failed" || (Date.now() >= until && readySince === undefined)) {
            return { live, problems: [summary(reference, verdict, seconds), ...(await reasons(cluster, live))] };
        }
        if (Date.now() >= askAgain) {
            const [first] = await reasons(cluster, live);
            why = first === undefined ? "" : ` (${first.split("\n")[0] ?? ""})`;
            askAgain = Date.now() + REASONS_EVERY;
        }
        const what = verdict.state === "waiting" ? verdict.message : "its containers to keep running";
        say(`${what}${why}`);
        await sleep(pause, host.cancelled);
        const next = await cluster.find(reference);
        if (next === undefined) {
            return { live, problems: [`${describeReference(reference)} was deleted while it was awaited`] };
        }
        live = next;
    }
}

function summary(reference: Reference, verdict: Verdict, seconds: number): string {
    const name = describeReference(reference);
    if (verdict.state === "failed") return `${name} failed: ${verdict.message}`;
    const message = verdict.state === "ready" ? "" : verdict.message;
    return `${name} is not ready after ${seconds} s: waiting for ${message}`;
}

function lookAt(cluster: Reader): Look {
    return {
        find: (apiVersion, kind, namespace, name) => cluster.find({ apiVersion, kind, namespace, name }),
        list: (apiVersion, kind, namespace, labelSelector) =>
            cluster.list({ apiVersion, kind, namespace }, { labelSelector }),
    };
}
