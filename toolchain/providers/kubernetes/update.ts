import { containsUnknown, JsonObject, objectAt, without } from "../base/json";
import { Properties } from "../base/properties";
import { UpdateRequest } from "../base/provider";
import { NoSuchKind, Unreachable } from "./api-error";
import { adoptFields, apply } from "./apply";
import { Context } from "./context";
import { isPatchType, parseId, Reference, referenceOf } from "./objects";
import { managerOf, outputsOf, secretPaths } from "./outputs";
import { settle } from "./settle";

export async function updateObject(context: Context, request: UpdateRequest): Promise<Properties> {
    try {
        return await (request.preview ? previewUpdate(context, request) : realUpdate(context, request));
    } catch (error) {
        if (!(error instanceof Unreachable) || !context.settings.skipUpdateUnreachable) throw error;
        context.host.warn(request.urn, `not updated, as skipUpdateUnreachable is set: ${error.message}`);
        return request.oldOutputs;
    }
}

async function realUpdate(context: Context, request: UpdateRequest): Promise<Properties> {
    const { urn, news, oldInputs, oldOutputs, timeoutSeconds } = request;
    const manager = managerOf(oldOutputs.value, urn);
    const reference = await target(context, request);
    const isPatch = isPatchType(request.type);
    if (!isPatch) await adoptFields(context, reference, manager, oldInputs.value);
    const object = withName(news.value, reference);
    const live = await apply(context, { urn, reference, object, manager, dryRun: false });
    if (isPatch) return outputsOf(live, news, manager, oldOutputs.value);
    return settle(context, { urn, reference, inputs: news, live, manager, timeoutSeconds, before: oldOutputs.value });
}

async function previewUpdate(context: Context, request: UpdateRequest): Promise<Properties> {
    const { urn, news, oldOutputs } = request;
    if (containsUnknown(news.value)) {
        const value = { ...oldOutputs.value, ...news.value };
        return { value, secrets: secretPaths(value, news) };
    }
    const manager = managerOf(oldOutputs.value, urn);
    try {
        const reference = await target(context, request);
        const object = withName(news.value, reference);
        const live = await apply(context, { urn, reference, object, manager, dryRun: true });
        return outputsOf(live, news, manager, oldOutputs.value);
    } catch (error) {
        if (!(error instanceof NoSuchKind)) throw error;
        return { value: news.value, secrets: secretPaths(news.value, news) };
    }
}

/** The object that the id names: a made-up name stands in the state only. */
async function target({ cluster }: Context, { id, news }: UpdateRequest): Promise<Reference> {
    return cluster.resolve({ ...referenceOf(news.value), ...parseId(id) });
}

function withName(object: JsonObject, { name }: Reference): JsonObject {
    const metadata = without(objectAt(object, "metadata"), "generateName");
    return { ...object, metadata: { ...metadata, name } };
}
