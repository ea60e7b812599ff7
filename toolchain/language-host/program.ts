import { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

import { startNode } from "./children";
import { locate, programOf, runtimeOptions, typescriptEnvironment } from "./runtime";

/** With this exit code the SDK's runner says that it has told the user already. */
const ALREADY_REPORTED = 32;

/** The call of the engine, as far as this file needs it. */
interface Cancellable {
    on(event: "cancelled", listener: () => void): unknown;
}

/** Runs a program with the SDK's own runner and answers how it ended. */
export async function runProgram(request: RunRequest, call: Cancellable, engine: string): Promise<RunResponse> {
    const info = programOf(request);
    const options = runtimeOptions(info);
    const runner = process.env.PULUMI_LANGUAGE_NODEJS_RUN_PATH ?? "@pulumi/pulumi/cmd/run";
    const args = [
        ...options.nodeargs,
        locate(runner, info.getProgramDirectory()),
        ...runnerFlags(request, engine),
        info.getEntryPoint(),
        ...request.getArgsList(),
    ];
    const env = {
        ...process.env,
        ...typescriptEnvironment(options),
        PULUMI_CONFIG: JSON.stringify(runnerConfig(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    };
    return new Promise((resolve) => {
        const child = startNode(args, { env, stdio: ["ignore", "pipe", "pipe"] });
        child.stdout?.pipe(process.stdout, { end: false });
        child.stderr?.pipe(process.stderr, { end: false });
        call.on("cancelled", () => child.kill("SIGINT"));
        child.once("error", (error) => resolve(new RunResponse().setError(`cannot start Node: ${error.message}`)));
        child.once("close", (code, signal) => resolve(outcome(code, signal)));
    });
}

function outcome(code: number | null, signal: NodeJS.Signals | null): RunResponse {
    if (code === 0) return new RunResponse();
    if (code === ALREADY_REPORTED) return new RunResponse().setBail(true);
    return new RunResponse().setError(
        code === null ? `the program was ended by ${signal ?? "a signal"}` : `the program exited with code ${code}`,
    );
}

function runnerFlags(request: RunRequest, engine: string): string[] {
    const info = programOf(request);
    const flags: Record<string, string> = {
        monitor: request.getMonitorAddress(),
        engine,
        organization: request.getOrganization(),
        project: request.getProject(),
        "root-directory": info.getRootDirectory(),
        stack: request.getStack(),
        pwd: info.getProgramDirectory(),
        parallel: String(request.getParallel()),
    };
    const given = Object.entries(flags).filter(([, value]) => value !== "");
    return [...given.flatMap(([flag, value]) => [`--${flag}`, value]), ...(request.getDryrun() ? ["--dry-run"] : [])];
}

/** The runner wants `project:config:key` where the engine sends `project:key`. */
export function runnerConfig(entries: readonly (readonly [string, string])[]): Record<string, string> {
    return Object.fromEntries(
        entries.map(([name, value]) => {
            const colon = name.indexOf(":");
            const key = name.slice(colon + 1).replace(/^config:/, "");
            return [`${name.slice(0, colon)}:config:${key}`, value];
        }),
    );
}
