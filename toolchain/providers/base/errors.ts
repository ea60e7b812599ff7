import { Properties } from "./properties";

/** gRPC status codes that a provider answers with. */
export const Code = {
    Unknown: 2,
    InvalidArgument: 3,
    AlreadyExists: 6,
    Unimplemented: 12,
    Unavailable: 14,
} as const;

export type Code = (typeof Code)[keyof typeof Code];

/** An error for the user: its message is shown as it is, without a stack trace. */
export class ProviderError extends Error {
    constructor(
        message: string,
        readonly code: Code = Code.Unknown,
    ) {
        super(message);
        this.name = "ProviderError";
    }
}

/**
 * The resource exists but did not become ready. The engine keeps it in the state, together with the reasons, and
 * updates it the next time.
 */
export class InitializationFailed extends Error {
    constructor(
        message: string,
        readonly id: string,
        readonly reasons: readonly string[],
        readonly outputs: Properties,
        readonly inputs: Properties,
    ) {
        super(message);
        this.name = "InitializationFailed";
    }
}
