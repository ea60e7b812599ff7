import { Code, ProviderError } from "../base/errors";
import { containsUnknown, JsonObject, objectAt, stringAt, UNKNOWN, without } from "../base/json";
import { Properties } from "../base/properties";
import { CreateRequest, CreateResult } from "../base/provider";
import { ApiError, isNotFound, isTransient, isUncertain, NoSuchKind, Unreachable } from "./api-error";
import { adoptFields, Application, apply, isForced, PATCH_FORCE } from "./apply";
import { Context, showWarnings } from "./context";
import { isManagedBy } from "./managed-fields";
import { describeReference, fieldManager, formatId, isPatchType, Reference, referenceOf } from "./objects";
import { outputsOf, secretPaths } from "./outputs";
import { settle } from "./settle";
import { sleep } from "./time";

/** Seconds for which a kind, a namespace or a webhook that is being set up is waited for. */
const PATIENCE = 45;
const PAUSE = 500;

export async function createObject(context: Context, request: CreateRequest): Promise<CreateResult> {
    if (request.preview) return { id: "", outputs: await previewCreate(context, request) };
    const { urn, inputs, timeoutSeconds } = request;
    const manager = fieldManager(urn);
    const creation: Creation = { manager, mayHaveSucceeded: false };
    const create = isPatchType(request.type) ? patchExisting : createNew;
    const live = await patiently(context, request, () => create(context, request, creation));
    const reference = { ...referenceOf(inputs.value), ...placeOf(live) };
    const outputs = isPatchType(request.type)
        ? outputsOf(live, inputs, manager)
        : await settle(context, { urn, reference, inputs, live, manager, timeoutSeconds });
    return { id: formatId(reference), outputs };
}

function placeOf(live: JsonObject): Pick<Reference, "namespace" | "name"> {
    const { namespace, name } = referenceOf(live);
    return { namespace, name };
}

/** What the server needs a moment for: a definition just made, a namespace, a webhook behind a new service. */
async function patiently<T>({ host }: Context, request: CreateRequest, action: () => Promise<T>): Promise<T> {
    const seconds = request.timeoutSeconds > 0 ? Math.min(PATIENCE, request.timeoutSeconds) : PATIENCE;
    const until = Date.now() + seconds * 1000;
    for (let told = ""; ;) {
        try {
            return await action();
        } catch (error) {
            const mayPass =
                error instanceof NoSuchKind || isTransient(error) || isBeingDeleted(error) || isCutOff(error);
            if (!mayPass || Date.now() >= until) throw error;
            const message = `trying again: ${(error as Error).message}`;
            if (message !== told) host.status(request.urn, message);
            told = message;
            await sleep(PAUSE, host.cancelled);
        }
    }
}

function isBeingDeleted(error: unknown): boolean {
    return error instanceof ApiError && error.status === 409 && /is being deleted/.test(error.message);
}

function isCutOff(error: unknown): boolean {
    return error instanceof Unreachable && error.cutOff;
}

/** One creation, over all its attempts. */
interface Creation {
    readonly manager: string;
    /** Whether an attempt broke off so that the server may have carried it out all the same. */
    mayHaveSucceeded: boolean;
}

async function createNew(
    context: Context,
    { urn, type, inputs }: CreateRequest,
    creation: Creation,
): Promise<JsonObject> {
    const { manager } = creation;
    const object = inputs.value;
    const reference = await context.cluster.resolve(referenceOf(object));
    if (context.settings.upsertExistingObjects) {
        return apply(context, { urn, reference, object, manager, dryRun: false });
    }
    try {
        const { body, warnings } = await context.cluster.create(reference, object, manager);
        showWarnings(context, urn, warnings);
        return body;
    } catch (error) {
        if (isUncertain(error)) creation.mayHaveSucceeded = true;
        if (!(error instanceof ApiError) || error.reason !== "AlreadyExists" || isBeingDeleted(error)) throw error;
        return takeOver(context, { urn, type, object, reference, creation });
    }
}

interface Existing {
    readonly urn: string;
    readonly type: string;
    readonly object: JsonObject;
    readonly reference: Reference;
    readonly creation: Creation;
}

/**
 * An object with this name exists. It is ours only when an earlier attempt of this very creation made it: the manager's
 * name alone proves nothing, as another state may hold a stack of the same name.
 */
async function takeOver(context: Context, { urn, type, object, reference, creation }: Existing): Promise<JsonObject> {
    const { manager } = creation;
    const live = creation.mayHaveSucceeded ? await context.cluster.find(reference) : undefined;
    const isOurs = live !== undefined && isManagedBy(live, manager);
    const force = isForced(context, object);
    if (!isOurs && !force) throw alreadyExists(reference, type);
    if (isOurs) await adoptFields(context, reference, manager, object);
    return apply(context, { urn, reference, object, manager, dryRun: false, force });
}

/** The refusal, with every way on: which one is right only the user knows. */
function alreadyExists(reference: Reference, type: string): ProviderError {
    const id = formatId(reference);
    return new ProviderError(
        `${describeReference(reference)} already exists and is not in this stack's state. If a killed update left it, ` +
            `mlp up takes it into the state. If it belongs to somebody else, delete it, choose another name, import it ` +
            `(pulumi import ${type} <name> ${id}), or take it over with the annotation ${PATCH_FORCE}: "true"`,
        Code.AlreadyExists,
    );
}

async function patchExisting(
    context: Context,
    { urn, inputs }: CreateRequest,
    { manager }: Creation,
): Promise<JsonObject> {
    const reference = await context.cluster.resolve(referenceOf(inputs.value));
    if ((await context.cluster.find(reference)) === undefined) {
        throw new ProviderError(
            `${describeReference(reference)} does not exist: a patch needs the object that it changes`,
        );
    }
    return apply(context, { urn, reference, object: inputs.value, manager, dryRun: false });
}

/** What the server would make of it; the inputs themselves where it cannot say yet. */
async function previewCreate(context: Context, request: CreateRequest): Promise<Properties> {
    const { urn, type, inputs } = request;
    const expected = unborn(inputs.value, inputs.value);
    const echo = { value: expected, secrets: secretPaths(expected, inputs) };
    const name = stringAt(inputs.value, "metadata", "name");
    if (containsUnknown(inputs.value) || name === undefined) return echo;
    try {
        const manager = fieldManager(urn);
        const reference = await context.cluster.resolve(referenceOf(inputs.value));
        const application = { urn, reference, object: inputs.value, manager, dryRun: true };
        const body = await (isPatchType(type) ? apply(context, application) : rehearse(context, application));
        return outputsOf(unborn(body, inputs.value), inputs, manager);
    } catch (error) {
        if (error instanceof NoSuchKind || isNotFound(error) || dependsOnOthers(error)) return echo;
        throw error;
    }
}

/** Creates without creating. Where the name is taken, the present object may be one that goes first. */
async function rehearse(context: Context, application: Application): Promise<JsonObject> {
    const { urn, reference, object, manager } = application;
    try {
        const { body, warnings } = await context.cluster.create(reference, object, manager, true);
        showWarnings(context, urn, warnings);
        return body;
    } catch (error) {
        if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
    }
    try {
        return await apply(context, { ...application, force: true });
    } catch (error) {
        // The server compares with the present object, which a replacement need not agree with.
        if (error instanceof ApiError && error.status === 422) return object;
        throw error;
    }
}

/** Failures that say only that something is missing which this very update may create first. */
function dependsOnOthers(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    if (error.status === 403) return !/cannot (create|patch|get) resource/.test(error.message);
    return error.status >= 500 || /webhook/.test(error.message);
}

/** A dry run invents what only the real creation decides. */
function unborn(object: JsonObject, inputs: JsonObject): JsonObject {
    if (object.metadata === UNKNOWN) return object;
    const rest = without(object, "status");
    const decided = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN };
    const metadata = { ...objectAt(object, "metadata"), ...decided };
    if (object.kind !== "Service") return { ...rest, metadata };
    const declared = objectAt(inputs, "spec");
    const addresses = ["clusterIP", "clusterIPs", "ports"].map((field) => [field, declared[field] ?? UNKNOWN]);
    return {
        ...rest,
        metadata,
        spec: { ...objectAt(object, "spec"), ...(Object.fromEntries(addresses) as JsonObject) },
    };
}
