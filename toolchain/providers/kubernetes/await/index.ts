import { JsonObject } from "../../base/json";
import { Host } from "../../base/provider";
import { Cluster } from "../cluster";
import { annotation, describeReference, isTrueAnnotation, Reference } from "../objects";
import { sleep } from "../time";
import { judgeOf } from "./judges";
import { reasons } from "./reasons";
import { Judge, Look, READY, Verdict } from "./verdict";
import { parseWaitFor, WAIT_FOR } from "./wait-for";

const DEFAULT_SECONDS = 600;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 1_000;

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

/** Waits until an object is ready, has failed, or the time is over. */
export async function awaitReady(cluster: Cluster, host: Host, wait: Wait): Promise<Outcome> {
    const judge = judgeFor(wait.inputs);
    if (judge === undefined) return { live: wait.live, problems: [] };
    const seconds = timeoutOf(wait.inputs, wait.timeoutSeconds);
    const until = Date.now() + seconds * 1000;
    let { live } = wait;
    let told = "";
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE)) {
        const verdict = await judge(live, lookAt(cluster));
        if (verdict.state === "ready") return { live, problems: [] };
        const isOver = Date.now() >= until;
        if (verdict.state === "failed" || isOver) {
            return { live, problems: [summary(wait.reference, verdict, seconds), ...(await reasons(cluster, live))] };
        }
        if (verdict.message !== told) host.status(wait.urn, `waiting for ${verdict.message}`);
        told = verdict.message;
        await sleep(Math.min(pause, Math.max(0, until - Date.now())), host.cancelled);
        const found = await cluster.find(wait.reference);
        if (found === undefined)
            return { live, problems: [`${describeReference(wait.reference)} was deleted while it was awaited`] };
        live = found;
    }
}

function summary(reference: Reference, verdict: Verdict, seconds: number): string {
    const name = describeReference(reference);
    if (verdict.state === "failed") return `${name} failed: ${verdict.message}`;
    const message = verdict === READY || verdict.state === "ready" ? "" : verdict.message;
    return `${name} is not ready after ${seconds} s: waiting for ${message}`;
}

function lookAt(cluster: Cluster): Look {
    return {
        find: (apiVersion, kind, namespace, name) => cluster.find({ apiVersion, kind, namespace, name }),
        list: (apiVersion, kind, namespace, labelSelector) =>
            cluster.list({ apiVersion, kind, namespace }, { labelSelector }),
    };
}
