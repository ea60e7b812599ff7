import { JsonObject, stringAt } from "../base/json";
import { ReadRequest, ReadResult } from "../base/provider";
import { Unreachable } from "./api-error";
import { judgeFor } from "./await";
import { reasons } from "./await/reasons";
import { sealed } from "./check";
import { Context } from "./context";
import { driftedInputs } from "./drift";
import { describeReference, isPatchType, kindOfType, parseId, Reference } from "./objects";
import { declaredInputs, managerOf, outputsOf } from "./outputs";
import { notReady } from "./settle";

/** Reads a live object; nothing when it is gone. */
export async function readObject(context: Context, request: ReadRequest): Promise<ReadResult | undefined> {
    try {
        return await readLive(context, request);
    } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        const { host, settings } = context;
        if (settings.deleteUnreachable) {
            host.warn(request.urn, `taken as deleted, as deleteUnreachable is set: ${error.message}`);
            return undefined;
        }
        if (!settings.skipUpdateUnreachable) throw error;
        host.warn(request.urn, `not refreshed, as skipUpdateUnreachable is set: ${error.message}`);
        return { id: request.id, inputs: request.inputs, outputs: request.outputs };
    }
}

async function readLive(context: Context, request: ReadRequest): Promise<ReadResult | undefined> {
    const { id, outputs, urn } = request;
    const inputs = declaredInputs(request.inputs, outputs);
    const reference = referenceFrom(request);
    const live = await context.cluster.find(reference);
    if (live === undefined) return undefined;
    const manager = managerOf(outputs.value, urn);
    const isKnown = Object.keys(inputs.value).length > 0;
    const value = isKnown ? driftedInputs(inputs.value, outputs.value, live) : identity(reference, live);
    const { object, secrets } = sealed({ value, secrets: inputs.secrets });
    const now = { value: object, secrets };
    const state = outputsOf(live, now, manager, outputs.value);
    if (isKnown && !isPatchType(request.type)) await checkHealth(context, reference, live, now, state);
    return { id, inputs: now, outputs: state };
}

/** An object that was ready and is not any more is told of, and the next update waits for it again. */
async function checkHealth(
    { cluster }: Context,
    reference: Reference,
    live: JsonObject,
    inputs: ReadResult["inputs"],
    outputs: ReadResult["outputs"],
): Promise<void> {
    const judge = judgeFor(inputs.value);
    if (judge === undefined) return;
    const verdict = await judge(live, {
        find: (apiVersion, kind, namespace, name) => cluster.find({ apiVersion, kind, namespace, name }),
        list: (apiVersion, kind, namespace, labelSelector) =>
            cluster.list({ apiVersion, kind, namespace }, { labelSelector }),
    });
    if (verdict.state === "ready") return;
    const problem = `${describeReference(reference)} is not ready: ${verdict.message}`;
    throw notReady(reference, [problem, ...(await reasons(cluster, live))], outputs, inputs);
}

function referenceFrom({ type, id, inputs, outputs }: ReadRequest): Reference {
    const implied = kindOfType(type);
    return {
        apiVersion: stringAt(inputs.value, "apiVersion") ?? stringAt(outputs.value, "apiVersion") ?? implied.apiVersion,
        kind: stringAt(inputs.value, "kind") ?? stringAt(outputs.value, "kind") ?? implied.kind,
        ...parseId(id),
    };
}

/** All that is declared of an object that is imported or looked up: which one it is. */
function identity({ apiVersion, kind, name }: Reference, live: JsonObject): JsonObject {
    const namespace = stringAt(live, "metadata", "namespace");
    return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
