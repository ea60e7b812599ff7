import { UnknownValueError } from "@pulumi/policy";

/**
 * Whether reading a property failed because its value is known only once the update runs.
 *
 * The SDK's declarations export this class without its type: it is named here and nowhere else.
 */
export function isUnknownValue(error: unknown): error is Error {
    return error instanceof UnknownValueError;
}
