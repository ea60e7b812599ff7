import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { Code, InitializationFailed, ProviderError } from "./errors";
import { Change, Difference, formatPath } from "./paths";
import { encode } from "./properties";
import * as provider from "./provider";

export function handshake(): pb.ProviderHandshakeResponse {
    return new pb.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(false)
        .setAcceptOutputs(false)
        .setSupportsAutonamingConfiguration(true);
}

export function configure(): pb.ConfigureResponse {
    return new pb.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
}

export function pluginInfo(version: string): PluginInfo {
    return new PluginInfo().setVersion(version);
}

export function schema({ name, version, description }: provider.Provider): pb.GetSchemaResponse {
    return new pb.GetSchemaResponse().setSchema(JSON.stringify({ name, version, description }));
}

export function check({ inputs, failures = [] }: provider.CheckResult): pb.CheckResponse {
    return new pb.CheckResponse()
        .setInputs(encode(inputs))
        .setFailuresList(
            failures.map(({ property, reason }) => new pb.CheckFailure().setProperty(property).setReason(reason)),
        );
}

const { Kind } = pb.PropertyDiff;
const KINDS: Record<Change, { update: pb.PropertyDiff.Kind; replace: pb.PropertyDiff.Kind }> = {
    add: { update: Kind.ADD, replace: Kind.ADD_REPLACE },
    delete: { update: Kind.DELETE, replace: Kind.DELETE_REPLACE },
    update: { update: Kind.UPDATE, replace: Kind.UPDATE_REPLACE },
};

export function diff({ differences, replaces = [], deleteBeforeReplace = false }: provider.Diff): pb.DiffResponse {
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    const topLevel = (found: readonly Difference[]): string[] => [...new Set(found.map(({ path }) => String(path[0])))];
    const response = new pb.DiffResponse()
        .setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList(topLevel(differences))
        .setReplacesList(topLevel(replaces))
        .setDeletebeforereplace(deleteBeforeReplace)
        .setHasdetaileddiff(true);
    for (const difference of differences) {
        const kind = KINDS[difference.change][replaces.includes(difference) ? "replace" : "update"];
        const detail = new pb.PropertyDiff().setKind(kind).setInputdiff(true);
        response.getDetaileddiffMap().set(formatPath(difference.path), detail);
    }
    return response;
}

export function create({ id, outputs }: provider.CreateResult): pb.CreateResponse {
    return new pb.CreateResponse().setId(id).setProperties(encode(outputs));
}

/** An answer without an id tells the engine that the resource is gone. */
export function read(result: provider.ReadResult | undefined): pb.ReadResponse {
    if (result === undefined) return new pb.ReadResponse();
    return new pb.ReadResponse()
        .setId(result.id)
        .setProperties(encode(result.outputs))
        .setInputs(encode(result.inputs));
}

/** Turns whatever a handler threw into a gRPC error; the partial failure carries the object that exists. */
export function failure(error: unknown): Partial<grpc.ServiceError> {
    if (error instanceof InitializationFailed) return partialFailure(error);
    if (error instanceof ProviderError) return { code: error.code, details: error.message };
    return { code: Code.Unknown, details: error instanceof Error ? error.message : String(error) };
}

function partialFailure(error: InitializationFailed): Partial<grpc.ServiceError> {
    const detail = new pb.ErrorResourceInitFailed()
        .setId(error.id)
        .setReasonsList([...error.reasons])
        .setProperties(encode(error.outputs))
        .setInputs(encode(error.inputs));
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status().setCode(Code.Unknown).setMessage(error.message).setDetailsList([any]);
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return { code: Code.Unknown, details: error.message, metadata };
}
