import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { Code, ProviderError } from "./errors";
import { isObject } from "./json";
import { decode, encode } from "./properties";
import { Host, Provider } from "./provider";
import * as requests from "./requests";
import * as responses from "./responses";

type Reply<T> = T | Promise<T>;

/** Maps the engine's gRPC calls to a provider. A call that is not here is answered as unimplemented. */
export function service(provider: Provider, host: Host, cancel: () => void): grpc.UntypedServiceImplementation {
    return {
        handshake: unary<pb.ProviderHandshakeRequest, pb.ProviderHandshakeResponse>(() => responses.handshake()),
        attach: unary<plugin.PluginAttach, Empty>(() => new Empty()),
        cancel: unary<Empty, Empty>(() => {
            cancel();
            return new Empty();
        }),
        getPluginInfo: unary<Empty, plugin.PluginInfo>(() => responses.pluginInfo(provider.version)),
        getSchema: unary<pb.GetSchemaRequest, pb.GetSchemaResponse>(() => responses.schema(provider)),
        checkConfig: unary<pb.CheckRequest, pb.CheckResponse>(async (request) => {
            const news = decode(request.getNews());
            return responses.check((await provider.checkConfig?.(news)) ?? { inputs: news });
        }),
        diffConfig: unary<pb.DiffRequest, pb.DiffResponse>((request) => {
            const olds = decode(request.getOldInputs() ?? request.getOlds()).value;
            return responses.diff(provider.diffConfig?.(olds, decode(request.getNews()).value) ?? { differences: [] });
        }),
        configure: unary<pb.ConfigureRequest, pb.ConfigureResponse>(async (request) => {
            await provider.configure?.(decode(request.getArgs()).value, host);
            return responses.configure();
        }),
        check: unary<pb.CheckRequest, pb.CheckResponse>(async (request) =>
            responses.check(await provider.check(requests.check(request))),
        ),
        diff: unary<pb.DiffRequest, pb.DiffResponse>(async (request) =>
            responses.diff(await provider.diff(requests.diff(request))),
        ),
        create: unary<pb.CreateRequest, pb.CreateResponse>(async (request) =>
            responses.create(await provider.create(requests.create(request))),
        ),
        read: unary<pb.ReadRequest, pb.ReadResponse>(async (request) =>
            responses.read(await provider.read(requests.read(request))),
        ),
        update: unary<pb.UpdateRequest, pb.UpdateResponse>(async (request) =>
            new pb.UpdateResponse().setProperties(encode(await provider.update(requests.update(request)))),
        ),
        delete: unary<pb.DeleteRequest, Empty>(async (request) => {
            await provider.delete(requests.remove(request));
            return new Empty();
        }),
        invoke: unary<pb.InvokeRequest, pb.InvokeResponse>(async (request) => {
            if (provider.invoke === undefined) throw unserved(provider, `function ${request.getTok()}`);
            const result = await provider.invoke(request.getTok(), decode(request.getArgs()).value);
            return new pb.InvokeResponse().setReturn(encode({ value: isObject(result) ? result : {}, secrets: [] }));
        }),
        construct: unary<pb.ConstructRequest, pb.ConstructResponse>((request) => {
            throw unserved(provider, `remote component ${request.getType()}`);
        }),
        call: unary<pb.CallRequest, pb.CallResponse>((request) => {
            throw unserved(provider, `method ${request.getTok()}`);
        }),
        getMapping: unary<pb.GetMappingRequest, pb.GetMappingResponse>(() => new pb.GetMappingResponse()),
        getMappings: unary<pb.GetMappingsRequest, pb.GetMappingsResponse>(() => new pb.GetMappingsResponse()),
    };
}

/** The refusal of something that only the official plugin has. */
export function unserved(provider: Pick<Provider, "name" | "cure" | "noun">, what: string): ProviderError {
    const message = `the ${provider.name} ${provider.noun ?? "stand-in"} does not serve the ${what}: ${provider.cure}`;
    return new ProviderError(message, Code.Unimplemented);
}

function unary<Request, Response>(handle: (request: Request) => Reply<Response>) {
    return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
        const answer = async (): Promise<Response> => handle(call.request);
        answer().then(
            (response) => callback(null, response),
            (error: unknown) => callback(responses.failure(error)),
        );
    };
}
