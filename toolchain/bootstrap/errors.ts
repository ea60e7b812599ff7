/** Something the user can mend: the CLI shows the message alone, without a stack. */
export class ToolchainError extends Error {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "ToolchainError";
    }
}

/** Thrown into everything that still runs when another piece has failed or the user has interrupted. */
export class Interrupted extends ToolchainError {
    constructor() {
        super("interrupted; run the same command again to go on from here");
        this.name = "Interrupted";
    }
}
