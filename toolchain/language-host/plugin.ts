import { ChildProcess } from "node:child_process";

import * as grpc from "@grpc/grpc-js";
import { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";

import { startNode } from "./children";
import { servePolicyPack } from "./policy";
import { locate, programOf, runtimeOptions, typescriptEnvironment } from "./runtime";

export type RunPluginCall = grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** Starts the plugin with more environment variables; its standard output goes to the listener. */
export type StartPlugin = (environment: Record<string, string>, onStdout: (chunk: Buffer) => void) => ChildProcess;

/** Runs a plugin that is written in TypeScript: a policy pack (kind `analyzer`) or a provider. */
export function runPlugin(call: RunPluginCall): void {
    const request = call.request;
    const stdout = (chunk: Buffer): void => void call.write(new RunPluginResponse().setStdout(chunk));
    const start = prepare(call);
    if (request.getKind() === "analyzer") servePolicyPack(start, stdout, call);
    else start({}, stdout);
}

function prepare(call: RunPluginCall): StartPlugin {
    const request = call.request;
    const directory = programOf(request).getProgramDirectory();
    const options = runtimeOptions(programOf(request));
    const policy = request.getKind() === "analyzer";
    const runner = locate(`@pulumi/pulumi/cmd/run-${policy ? "policy-pack" : "plugin"}`, directory);
    const operands = policy ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()];
    const base = { ...parseEnvironment(request.getEnvList()), ...typescriptEnvironment(options) };

    return (environment, onStdout) => {
        const child = startNode([...options.nodeargs, runner, ...operands], {
            cwd: policy ? directory : request.getPwd(),
            env: { ...base, ...environment },
            stdio: ["ignore", "pipe", "pipe"],
        });
        child.stdout?.on("data", onStdout);
        child.stderr?.on("data", (chunk: Buffer) => void call.write(new RunPluginResponse().setStderr(chunk)));
        call.on("cancelled", () => child.kill("SIGTERM"));
        child.once("close", (code) => {
            call.write(new RunPluginResponse().setExitcode(code ?? 1));
            call.end();
        });
        return child;
    };
}

/** `NAME=value` lines, as the engine sends an environment. */
export function parseEnvironment(lines: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
}
