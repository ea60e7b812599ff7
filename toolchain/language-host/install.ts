import { spawn } from "node:child_process";

import * as grpc from "@grpc/grpc-js";
import { InstallDependenciesRequest, InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb";

import { programOf, runtimeOptions } from "./runtime";

/** Installs a program's packages; install scripts stay off, as one of them looks for the Pulumi CLI. */
export function installDependencies(
    call: grpc.ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
    const info = programOf(call.request);
    const { packagemanager } = runtimeOptions(info);
    const child = spawn(packagemanager, ["install", "--ignore-scripts"], { cwd: info.getProgramDirectory() });
    child.stdout.on("data", (chunk: Buffer) => void call.write(new InstallDependenciesResponse().setStdout(chunk)));
    child.stderr.on("data", (chunk: Buffer) => void call.write(new InstallDependenciesResponse().setStderr(chunk)));
    const fail = (details: string): boolean => call.emit("error", { code: grpc.status.UNKNOWN, details });
    child.once("error", (error) => fail(`cannot start ${packagemanager}: ${error.message}`));
    child.once("close", (code) => {
        if (code === 0) call.end();
        else fail(`${packagemanager} install ended with code ${code ?? "none"}`);
    });
}
