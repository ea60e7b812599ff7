import { JsonObject, objectsAt, stringAt } from "../base/json";

/** An answer of the API server that is not a success, with the server's own message. */
export class ApiError extends Error {
    readonly reason: string;

    constructor(
        readonly status: number,
        private readonly body: JsonObject,
        request: string,
    ) {
        super(stringAt(body, "message") ?? `${request} was answered with HTTP ${status}`);
        this.name = "ApiError";
        this.reason = stringAt(body, "reason") ?? "";
    }

    /** The parts of the object that the server complains about. */
    get causes(): { readonly field: string; readonly message: string; readonly reason: string }[] {
        return objectsAt(this.body, "details", "causes").map((cause) => ({
            field: stringAt(cause, "field") ?? "",
            message: stringAt(cause, "message") ?? "",
            reason: stringAt(cause, "reason") ?? "",
        }));
    }
}

/** The API server cannot be reached at all. */
export class Unreachable extends Error {
    constructor(
        server: string,
        cause: string,
        /** The connection broke with the request under way. */
        readonly cutOff = false,
    ) {
        super(
            `configured Kubernetes cluster is unreachable: ${server} (${cause}). ` +
                "Start the cluster, or give the provider a kubeconfig and context that reach it",
        );
        this.name = "Unreachable";
    }
}

/** No API of the server has this kind. */
export class NoSuchKind extends Error {
    constructor(apiVersion: string, kind: string) {
        super(`the cluster does not serve kind ${kind} in ${apiVersion}: install its CustomResourceDefinition first`);
        this.name = "NoSuchKind";
    }
}

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** The server refuses because a field cannot change once the object exists. */
export function isImmutable(error: unknown): error is ApiError {
    return (
        error instanceof ApiError &&
        error.status === 422 &&
        /field is immutable|may not be (changed|updated)|updates to .* are forbidden|is forbidden: may not/.test(
            error.message,
        )
    );
}

/** Field conflicts of server-side apply: who owns which field, and whether that owner applied it. */
export interface Conflict {
    readonly manager: string;
    readonly field: string;
    /** An owner that applied its fields keeps caring for them; one that edited them does not. */
    readonly applied: boolean;
}

export function conflictsOf(error: unknown): Conflict[] {
    if (!(error instanceof ApiError) || error.status !== 409) return [];
    return error.causes
        .filter(({ reason }) => reason === "FieldManagerConflict")
        .map(({ field, message }) => ({
            field,
            manager: /"([^"]*)"/.exec(message)?.[1] ?? "unknown",
            // The server appends "using VERSION" for those that edited only.
            applied: !/ using /.test(message),
        }));
}

/** Edits with kubectl, and what this very resource wrote before it applied: ours to take back. */
export function isByHand({ manager, applied }: Conflict, own: string): boolean {
    if (/^(kubectl|before-first-apply)/.test(manager)) return true;
    return !applied && (manager === own || manager === "pulumi-kubernetes");
}

/** The server may have carried out the request although it did not say so. */
export function isUncertain(error: unknown): boolean {
    return (error instanceof Unreachable && error.cutOff) || (error instanceof ApiError && error.status >= 500);
}

/** The server is away or in trouble, as while it restarts: it says nothing about the object that was asked for. */
export function isOutage(error: unknown): boolean {
    return error instanceof Unreachable || (error instanceof ApiError && (error.status >= 500 || error.status === 429));
}

/** The server is there but not ready for this request yet: worth another try in a moment. */
export function isTransient(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    if (error.status === 429 || error.status === 503 || error.status === 504) return true;
    if (error.status === 500 && /failed calling webhook|etcdserver|timeout/.test(error.message)) return true;
    if (error.status === 404 && /namespaces? "/.test(error.message)) return true;
    return error.status === 403 && /error looking up service account/.test(error.message);
}
