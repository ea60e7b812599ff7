import { JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../../base/json";
import { Reader } from "./outage";
import { condition, explain } from "./verdict";

/** At most so many pods and events are told of: the first ones say it all. */
const MOST = 3;

/** Why a workload is not ready, from its pods, their containers' last words, and warnings: one line each. */
export async function reasons(cluster: Reader, object: JsonObject): Promise<string[]> {
    const namespace = stringAt(object, "metadata", "namespace");
    if (namespace === undefined) return [];
    const pods = await podsOf(cluster, object, namespace);
    const troubled = pods.flatMap((pod) => podReasons(pod)).slice(0, MOST);
    const lines = await Promise.all(
        troubled.map(async ({ line, container, pod, crashed }) => {
            if (!crashed) return [line];
            return [line, ...(await lastWords(cluster, namespace, pod, container))];
        }),
    );
    return [...lines.flat(), ...(await warnings(cluster, namespace, [object, ...pods]))];
}

async function podsOf(cluster: Reader, object: JsonObject, namespace: string): Promise<JsonObject[]> {
    if (object.kind === "Pod") return [object];
    const selector = objectAt(object, "spec", "selector");
    const labels = objectAt(selector.matchLabels === undefined ? selector : objectAt(selector, "matchLabels"));
    const labelSelector = Object.keys(labels)
        .map((key) => `${key}=${stringAt(labels, key) ?? ""}`)
        .join(",");
    if (labelSelector === "") return [];
    return cluster.list({ apiVersion: "v1", kind: "Pod", namespace }, { labelSelector });
}

interface PodReason {
    readonly pod: string;
    readonly container: string;
    readonly line: string;
    readonly crashed: boolean;
}

/** What is wrong with a pod. Pure. */
export function podReasons(pod: JsonObject): PodReason[] {
    const name = stringAt(pod, "metadata", "name") ?? "";
    const scheduled = condition(pod, "PodScheduled");
    if (scheduled?.status === "False") {
        return [{ pod: name, container: "", line: `pod ${name}: ${explain(scheduled)}`, crashed: false }];
    }
    const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((field) => objectsAt(pod, "status", field));
    return statuses.flatMap((status) => {
        const container = stringAt(status, "name") ?? "";
        const trouble = containerTrouble(status);
        if (trouble === undefined) return [];
        return [{ pod: name, container, line: `pod ${name}, container ${container}: ${trouble.text}`, ...trouble }];
    });
}

function containerTrouble(status: JsonObject): { text: string; crashed: boolean } | undefined {
    const exited = exit(objectAt(status, "state", "terminated")) ?? exit(objectAt(status, "lastState", "terminated"));
    const wait = objectAt(status, "state", "waiting");
    const reason = stringAt(wait, "reason");
    if (reason !== undefined && reason !== "ContainerCreating" && reason !== "PodInitializing") {
        const message = stringAt(wait, "message");
        const detail = [reason, message, exited].filter((part) => part !== undefined).join(": ");
        return { text: detail, crashed: exited !== undefined };
    }
    if (exited !== undefined) return { text: exited, crashed: true };
    if (reason === undefined && status.ready === false && objectAt(status, "state").running !== undefined) {
        return { text: "runs but its readiness probe has not succeeded", crashed: false };
    }
    return undefined;
}

function exit(terminated: JsonObject): string | undefined {
    const code = numberAt(terminated, "exitCode");
    if (code === undefined || code === 0) return undefined;
    const reason = stringAt(terminated, "reason");
    const message = stringAt(terminated, "message")?.trim();
    return `exited with code ${code}${reason === undefined ? "" : ` (${reason})`}${message ? `: ${message}` : ""}`;
}

/** Logs are a courtesy: without them, or without the right to read them, the reason still stands. */
async function lastWords(cluster: Reader, namespace: string, pod: string, container: string): Promise<string[]> {
    for (const previous of [true, false]) {
        const text = await cluster.logs(namespace, pod, container, previous).catch(() => "");
        const lines = text.split("\n").filter((line) => line.trim() !== "");
        const isStatus = lines[0]?.startsWith('{"kind":"Status"') === true;
        if (lines.length > 0 && !isStatus) return lines.map((line) => `    ${container} | ${line}`);
    }
    return [];
}

async function warnings(cluster: Reader, namespace: string, objects: readonly JsonObject[]): Promise<string[]> {
    const names = new Set(objects.map((object) => stringAt(object, "metadata", "uid")));
    const kind = { apiVersion: "v1", kind: "Event", namespace };
    const events = await cluster.list(kind, { fieldSelector: "type=Warning" }).catch(() => []);
    const lines = events
        .filter((event) => names.has(stringAt(event, "involvedObject", "uid")))
        .map((event) => `warning: ${stringAt(event, "reason") ?? ""}: ${stringAt(event, "message") ?? ""}`);
    return [...new Set(lines)].slice(-MOST);
}
