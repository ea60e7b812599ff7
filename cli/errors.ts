import { InvalidConfiguration } from "../infra/resolve";
import { ToolchainError } from "../toolchain/bootstrap";
import { ClusterError } from "../toolchain/cluster";

/** A mistake that the user can mend; its message says how. */
export class UserError extends Error {
    override readonly name = "UserError";
}

/** A command that we ran has told the user already what went wrong. */
export class CommandFailed extends Error {
    override readonly name = "CommandFailed";
    constructor(
        command: string,
        readonly exitCode: number,
    ) {
        super(`${command} ended with exit code ${exitCode}`);
    }
}

/** Whether the message alone is for the user: anything else is our own mistake and keeps its stack trace. */
export function isForUser(error: unknown): error is Error {
    return [UserError, CommandFailed, InvalidConfiguration, ToolchainError, ClusterError].some(
        (kind) => error instanceof kind,
    );
}
