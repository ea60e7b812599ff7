import { ProviderError } from "../base/errors";
import { JsonObject, objectAt, objectsAt, stringAt } from "../base/json";
import { DeleteRequest } from "../base/provider";
import { isNotFound, NoSuchKind, Unreachable } from "./api-error";
import { timeoutOf } from "./await";
import { Context } from "./context";
import {
    annotation,
    describeReference,
    isPatchType,
    isTrueAnnotation,
    kindOfType,
    parseId,
    Reference,
} from "./objects";
import { managerOf } from "./outputs";
import { sleep } from "./time";

const POLICIES: Readonly<Record<string, string>> = {
    foreground: "Foreground",
    background: "Background",
    orphan: "Orphan",
};
const POLICY = "pulumi.com/deletionPropagationPolicy";
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** Deletes an object and what it owns, and waits until it is gone. */
export async function deleteObject(context: Context, request: DeleteRequest): Promise<void> {
    try {
        await (isPatchType(request.type) ? release(context, request) : remove(context, request));
    } catch (error) {
        // A kind that is not served any more has taken its objects with it.
        if (error instanceof NoSuchKind || isNotFound(error)) return;
        if (!(error instanceof Unreachable) || !context.settings.deleteUnreachable) throw error;
        context.host.warn(request.urn, `taken as deleted, as deleteUnreachable is set: ${error.message}`);
    }
}

function referenceFrom({ type, id, outputs }: DeleteRequest): Reference {
    const implied = kindOfType(type);
    return {
        apiVersion: stringAt(outputs.value, "apiVersion") ?? implied.apiVersion,
        kind: stringAt(outputs.value, "kind") ?? implied.kind,
        ...parseId(id),
    };
}

async function remove(context: Context, request: DeleteRequest): Promise<void> {
    const { cluster, host } = context;
    const settings = Object.keys(request.inputs.value).length > 0 ? request.inputs.value : request.outputs.value;
    const reference = await cluster.resolve(referenceFrom(request));
    await cluster.delete(reference, policyOf(settings));
    if (isTrueAnnotation(settings, "pulumi.com/skipAwait")) return;
    const uid = stringAt(request.outputs.value, "metadata", "uid");
    const seconds = timeoutOf(settings, request.timeoutSeconds);
    const until = Date.now() + seconds * 1000;
    let told = "";
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.6, LONGEST_PAUSE)) {
        const live = await cluster.find(reference);
        // Another object of the same name is none of ours.
        if (live === undefined || (uid !== undefined && stringAt(live, "metadata", "uid") !== uid)) return;
        const holding = holders(live);
        if (Date.now() >= until) {
            throw new ProviderError(`${describeReference(reference)} still exists after ${seconds} s: ${holding}`);
        }
        if (holding !== told && pause > FIRST_PAUSE * 4)
            host.status(request.urn, `waiting until it is gone: ${holding}`);
        told = holding;
        await sleep(pause, host.cancelled);
    }
}

function policyOf(object: JsonObject): string {
    const given = annotation(object, POLICY);
    if (given === undefined) return "Foreground";
    const policy = POLICIES[given.toLowerCase()];
    if (policy !== undefined) return policy;
    throw new ProviderError(
        `${POLICY}: ${JSON.stringify(given)} is not allowed: one of ${Object.keys(POLICIES).join(", ")}`,
    );
}

/** What keeps an object from going. */
function holders(live: JsonObject): string {
    const finalizers = [...listAt(live, "metadata"), ...listAt(live, "spec")];
    const conditions = objectsAt(live, "status", "conditions")
        .filter((found) => found.status === "True" && /Remaining|Failure/.test(stringAt(found, "type") ?? ""))
        .map((found) => stringAt(found, "message") ?? "");
    const found = [...finalizers.map((finalizer) => `finalizer ${finalizer}`), ...conditions];
    return found.length === 0 ? "the server is deleting it" : found.join("; ");
}

function listAt(live: JsonObject, part: "metadata" | "spec"): string[] {
    const { finalizers } = objectAt(live, part);
    return Array.isArray(finalizers) ? finalizers.filter((item) => typeof item === "string") : [];
}

/** Lets go of the fields that a patch set; those that nobody else owns go back to their defaults. */
async function release({ cluster }: Context, request: DeleteRequest): Promise<void> {
    const reference = await cluster.resolve(referenceFrom(request));
    if ((await cluster.find(reference)) === undefined) return;
    const { apiVersion, kind, name } = reference;
    const manager = managerOf(request.outputs.value, request.urn);
    await cluster.apply(reference, { apiVersion, kind, metadata: { name } }, { manager });
}
