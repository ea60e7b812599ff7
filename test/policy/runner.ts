import { spawn } from "node:child_process";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzeRequest,
    AnalyzerInfo,
    AnalyzerResourceOptions,
    EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { Fixture } from "./resources";

const PACK = join(__dirname, "..", "..", "policies");
const RUNNER = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** A violation as the engine gets it. */
export interface Violation {
    readonly policy: string;
    readonly mandatory: boolean;
    readonly message: string;
}

/** The pack, served by the SDK's own runner as the engine has it served. */
export interface RunningPack {
    info(): Promise<AnalyzerInfo.AsObject>;
    analyze(subject: Fixture): Promise<readonly Violation[]>;
    stop(): void;
}

/** Starts the pack; fails with its own messages when it does not start. */
export async function runPack(platform: unknown): Promise<RunningPack> {
    const child = spawn(process.execPath, [RUNNER, "127.0.0.1:0", PACK], {
        cwd: PACK,
        env: { ...process.env, PULUMI_CONFIG: JSON.stringify({ "mlp:platform": JSON.stringify(platform) }) },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const port = await new Promise<string>((resolve, reject) => {
        let messages = "";
        let output = "";
        child.stderr.on("data", (chunk: Buffer) => (messages += chunk.toString()));
        child.stdout.on("data", (chunk: Buffer) => {
            output += chunk.toString();
            if (output.includes("\n")) resolve(output.trim());
        });
        child.once("error", reject);
        child.once("close", () => reject(new Error(messages)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return {
        info: () =>
            new Promise((resolve, reject) =>
                client.getAnalyzerInfo(new Empty(), (error, info) =>
                    error ? reject(error) : resolve(info.toObject()),
                ),
            ),
        analyze: (subject) =>
            new Promise((resolve, reject) =>
                client.analyze(requestOf(subject), (error, response) =>
                    error
                        ? reject(error)
                        : resolve(
                              response.getDiagnosticsList().map((one) => ({
                                  policy: one.getPolicyname(),
                                  mandatory: one.getEnforcementlevel() === EnforcementLevel.MANDATORY,
                                  message: one.getMessage(),
                              })),
                          ),
                ),
            ),
        stop: () => {
            client.close();
            child.kill();
        },
    };
}

function requestOf({ type, name, props }: Fixture): AnalyzeRequest {
    return new AnalyzeRequest()
        .setType(type)
        .setName(name)
        .setUrn(`urn:pulumi:test::mlp::${type}::${name}`)
        .setProperties(Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]))
        .setOptions(new AnalyzerResourceOptions());
}
