import { ProviderError } from "../base/errors";
import { JsonObject } from "../base/json";
import { ApiError, Conflict, conflictsOf, isByHand } from "./api-error";
import { Context, showWarnings } from "./context";
import { adoptedFields } from "./managed-fields";
import { describeReference, isTrueAnnotation, Reference } from "./objects";

export const PATCH_FORCE = "pulumi.com/patchForce";

export interface Application {
    readonly urn: string;
    readonly reference: Reference;
    readonly object: JsonObject;
    readonly manager: string;
    readonly dryRun: boolean;
    readonly force?: boolean;
}

export function isForced({ settings }: Context, inputs: JsonObject): boolean {
    return settings.enablePatchForce || isTrueAnnotation(inputs, PATCH_FORCE);
}

/**
 * Applies an object. Fields that somebody edited by hand are taken back; fields that another tool applies are not,
 * unless force is asked for.
 */
export async function apply(context: Context, application: Application): Promise<JsonObject> {
    const { reference, object, manager, dryRun } = application;
    const options = { manager, dryRun, force: application.force ?? isForced(context, object) };
    const send = async (force: boolean): Promise<JsonObject> => {
        const { body, warnings } = await context.cluster.apply(reference, object, { ...options, force });
        showWarnings(context, application.urn, warnings);
        return body;
    };
    try {
        return await send(options.force);
    } catch (error) {
        const conflicts = conflictsOf(error);
        if (conflicts.length === 0) throw error;
        const foreign = conflicts.filter((conflict) => !isByHand(conflict, manager));
        if (foreign.length > 0) throw conflictError(reference, foreign);
        return send(true);
    }
}

function conflictError(reference: Reference, conflicts: readonly Conflict[]): ProviderError {
    const owners = [...new Set(conflicts.map(({ manager }) => manager))].map((manager) => {
        const fields = conflicts.filter((conflict) => conflict.manager === manager).map(({ field }) => field);
        return `${manager} owns ${fields.join(", ")}`;
    });
    return new ProviderError(
        `${describeReference(reference)}: field conflict: ${owners.join("; ")}. ` +
            `Leave these fields to their owner (ignoreChanges), or take them over with the annotation ${PATCH_FORCE}: "true"`,
    );
}

/** Turns the ownership that creation left behind into ownership by applying; see {@link adoptedFields}. */
export async function adoptFields(
    { cluster }: Context,
    reference: Reference,
    manager: string,
    declared: JsonObject,
): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt++) {
        const live = await cluster.find(reference);
        const fields = live === undefined ? undefined : adoptedFields(live, manager, declared);
        if (live === undefined || fields === undefined) return;
        const version = (live.metadata as JsonObject).resourceVersion ?? "";
        try {
            await cluster.patch(
                reference,
                [
                    { op: "replace", path: "/metadata/managedFields", value: fields },
                    { op: "replace", path: "/metadata/resourceVersion", value: version },
                ],
                manager,
            );
            return;
        } catch (error) {
            // Somebody changed the object meanwhile: look again.
            if (!(error instanceof ApiError) || error.status !== 409) throw error;
        }
    }
}
