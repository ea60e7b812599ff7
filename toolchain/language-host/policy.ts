import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzerHandshakeResponse,
    AnalyzerStackConfigureRequest,
    AnalyzerStackConfigureResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";

import { MESSAGE_OPTIONS } from "./options";
import type { RunPluginCall, StartPlugin } from "./plugin";

type Callback = grpc.sendUnaryData<Buffer>;

/**
 * Serves a policy pack to the engine.
 *
 * The pack's runner takes stack and configuration from environment variables when it starts, but the engine sends them
 * afterwards. So this answers those first two calls, starts the pack then, and passes every other call on untouched.
 */
export function servePolicyPack(start: StartPlugin, stdout: (chunk: Buffer) => void, call: RunPluginCall): void {
    const server = new grpc.Server(MESSAGE_OPTIONS);
    const pack = new PolicyPack(start, stdout, () => server.forceShutdown());
    for (const method of Object.values(AnalyzerService) as grpc.MethodDefinition<unknown, unknown>[]) {
        const name = method.path.split("/").at(-1) ?? "";
        const handler = (request: { request: Buffer }, callback: Callback): void =>
            pack.handle(name, method.path, request.request, callback);
        server.register(method.path, handler, same, same, "unary");
    }
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) stdout(Buffer.from(`${port}\n`));
        else call.emit("error", error);
    });
}

const same = (bytes: Buffer): Buffer => bytes;

class PolicyPack {
    private client: Promise<grpc.Client> | undefined;

    constructor(
        private readonly start: StartPlugin,
        private readonly stdout: (chunk: Buffer) => void,
        private readonly ended: () => void,
    ) {}

    handle(name: string, path: string, request: Buffer, callback: Callback): void {
        if (name === "Handshake") return callback(null, Buffer.from(new AnalyzerHandshakeResponse().serializeBinary()));
        if (name === "ConfigureStack") {
            const stack = AnalyzerStackConfigureRequest.deserializeBinary(new Uint8Array(request));
            // A pack that does not start is reported by the first call that needs it.
            this.connect(stackEnvironment(stack)).catch(() => undefined);
            return callback(null, Buffer.from(new AnalyzerStackConfigureResponse().serializeBinary()));
        }
        this.connect({}).then(
            (client) => void client.makeUnaryRequest(path, same, same, request, callback),
            (error: Error) => callback({ code: grpc.status.UNAVAILABLE, details: error.message }),
        );
    }

    private connect(environment: Record<string, string>): Promise<grpc.Client> {
        this.client ??= new Promise((resolve, reject) => {
            let head = "";
            let connected = false;
            const child = this.start(environment, (chunk) => {
                if (connected) return this.stdout(chunk);
                head += chunk.toString("utf8");
                const end = head.indexOf("\n");
                if (end < 0) return;
                connected = true;
                if (head.length > end + 1) this.stdout(Buffer.from(head.slice(end + 1)));
                const address = `127.0.0.1:${head.slice(0, end).trim()}`;
                resolve(new grpc.Client(address, grpc.credentials.createInsecure(), MESSAGE_OPTIONS));
            });
            child.once("close", () => {
                reject(new Error("the policy pack ended; its own messages say why"));
                this.ended();
            });
        });
        return this.client;
    }
}

function stackEnvironment(stack: AnalyzerStackConfigureRequest): Record<string, string> {
    const variables: Record<string, string> = {
        PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
        PULUMI_NODEJS_PROJECT: stack.getProject(),
        PULUMI_NODEJS_STACK: stack.getStack(),
        PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().toArray())),
    };
    return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
