import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { answerVersion, endWithParent, engineAddress } from "../providers/base/process";
import { signalAll } from "./children";
import { installDependencies } from "./install";
import { MESSAGE_OPTIONS } from "./options";
import { directDependencies, requiredPackages } from "./packages";
import { runPlugin, RunPluginCall } from "./plugin";
import { runProgram } from "./program";
import { programOf } from "./runtime";

/** Version of the official language host that this one stands in for. */
const VERSION = "3.259.0";

let engine = engineAddress() ?? "";

type UnaryCall<Request, Response> = grpc.ServerUnaryCall<Request, Response>;

function unary<Request, Response>(
    handle: (request: Request, call: UnaryCall<Request, Response>) => Response | Promise<Response>,
) {
    return (call: UnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
        const answer = async (): Promise<Response> => handle(call.request, call);
        answer().then(
            (response) => callback(null, response),
            (error: unknown) => callback(failure(error)),
        );
    };
}

function failure(error: unknown): Partial<grpc.StatusObject> {
    return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

function streamed<Call extends NodeJS.EventEmitter>(handle: (call: Call) => void) {
    return (call: Call): void => {
        try {
            handle(call);
        } catch (error) {
            call.emit("error", failure(error));
        }
    };
}

const service: grpc.UntypedServiceImplementation = {
    handshake: unary<pb.LanguageHandshakeRequest, pb.LanguageHandshakeResponse>((request) => {
        engine = request.getEngineAddress();
        return new pb.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary<Empty, PluginInfo>(() => new PluginInfo().setVersion(VERSION)),
    getRequiredPackages: unary<pb.GetRequiredPackagesRequest, pb.GetRequiredPackagesResponse>((request) =>
        new pb.GetRequiredPackagesResponse().setPackagesList(
            requiredPackages(programOf(request).getProgramDirectory()).map(({ name, version, server }) =>
                new PackageDependency().setKind("resource").setName(name).setVersion(version).setServer(server),
            ),
        ),
    ),
    about: unary<pb.AboutRequest, pb.AboutResponse>(() =>
        new pb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getProgramDependencies: unary<pb.GetProgramDependenciesRequest, pb.GetProgramDependenciesResponse>((request) =>
        new pb.GetProgramDependenciesResponse().setDependenciesList(
            directDependencies(programOf(request).getProgramDirectory()).map(({ name, version }) =>
                new pb.DependencyInfo().setName(name).setVersion(version),
            ),
        ),
    ),
    runtimeOptionsPrompts: unary<pb.RuntimeOptionsRequest, pb.RuntimeOptionsResponse>(
        () => new pb.RuntimeOptionsResponse(),
    ),
    template: unary<pb.TemplateRequest, pb.TemplateResponse>(() => new pb.TemplateResponse()),
    run: unary<pb.RunRequest, pb.RunResponse>((request, call) => runProgram(request, call, engine)),
    runPlugin: streamed<RunPluginCall>(runPlugin),
    installDependencies: streamed(installDependencies),
    cancel: unary<Empty, Empty>(() => {
        signalAll("SIGINT");
        return new Empty();
    }),
};

/** Serves Pulumi's language runtime for Node.js programs, where the official language host cannot be had. */
function main(): void {
    answerVersion(VERSION);
    endWithParent(() => signalAll("SIGKILL"));
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.on(signal, () => {
            signalAll(signal);
            process.exit(0);
        });
    }
    const server = new grpc.Server(MESSAGE_OPTIONS);
    server.addService(LanguageRuntimeService, service);
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
            process.stderr.write(`the Node language host cannot listen on loopback: ${error.message}\n`);
            process.exit(1);
        }
        process.stdout.write(`${port}\n`);
    });
}

main();
