import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

import { Host } from "./provider";

/** Sends messages to the engine's own log; without an address (a test, a shell) they go to standard error. */
export class EngineLog implements Host {
    private readonly client: EngineClient | undefined;

    constructor(
        address: string | undefined,
        readonly cancelled: AbortSignal,
    ) {
        this.client = address === undefined ? undefined : new EngineClient(address, grpc.credentials.createInsecure());
    }

    status(urn: string, message: string): void {
        this.send(LogSeverity.INFO, urn, message, true);
    }

    warn(urn: string, message: string): void {
        this.send(LogSeverity.WARNING, urn, message, false);
    }

    private send(severity: LogSeverity, urn: string, message: string, ephemeral: boolean): void {
        if (this.client === undefined) {
            process.stderr.write(`${message}\n`);
            return;
        }
        const request = new LogRequest();
        request.setSeverity(severity);
        request.setUrn(urn);
        request.setMessage(message);
        request.setEphemeral(ephemeral);
        // An engine that no longer listens is ending, and with it the reader of this message.
        this.client.log(request, () => undefined);
    }
}
