import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { EngineLog } from "./engine";
import { answerVersion, endWithParent, engineAddress } from "./process";
import { Provider } from "./provider";
import { service } from "./service";

const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** Serves a provider on a free loopback port and prints the port, as the engine expects. */
export function serve(provider: Provider): void {
    answerVersion(provider.version);
    endWithParent();
    const interrupt = new AbortController();
    const cancel = (): void => interrupt.abort();
    // The engine tells of an interrupt through Cancel; a signal to this process means that it is done with it.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
    const host = new EngineLog(engineAddress(), interrupt.signal);
    const server = new grpc.Server({
        "grpc.max_receive_message_length": MESSAGE_LIMIT,
        "grpc.max_send_message_length": MESSAGE_LIMIT,
    });
    server.addService(ResourceProviderService, service(provider, host, cancel));
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
            process.stderr.write(`${provider.name} stand-in cannot listen on loopback: ${error.message}\n`);
            process.exit(1);
        }
        process.stdout.write(`${port}\n`);
    });
}
