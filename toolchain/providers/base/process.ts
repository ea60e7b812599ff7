/** The engine's address: the first argument that is not a flag. */
export function engineAddress(): string | undefined {
    return process.argv.slice(2).find((argument) => !argument.startsWith("-"));
}

/**
 * Ends this process when the one that started it is gone: a killed engine leaves nothing behind.
 *
 * @param beforeExit stops what this process itself started.
 */
export function endWithParent(beforeExit: () => void = () => undefined): void {
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid === parent) return;
        beforeExit();
        process.exit(0);
    }, 500).unref();
}

/** Prints a version and ends, when asked for one. */
export function answerVersion(version: string): void {
    if (!process.argv.slice(2).some((argument) => argument === "--version" || argument === "-version")) return;
    process.stdout.write(`${version}\n`);
    process.exit(0);
}
