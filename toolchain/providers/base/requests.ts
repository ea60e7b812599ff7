import * as pb from "@pulumi/pulumi/proto/provider_pb";

import { decode } from "./properties";
import * as provider from "./provider";

interface Addressed {
    getUrn(): string;
    getType(): string;
    getName(): string;
}

function target(request: Addressed): provider.Target {
    const [, , type = "", name = ""] = request.getUrn().split("::");
    return {
        urn: request.getUrn(),
        // The URN's type is qualified by its parents' types, joined by `$`.
        type: request.getType() || (type.split("$").at(-1) ?? ""),
        name: request.getName() || name,
    };
}

const MODES = {
    [pb.CheckRequest.AutonamingOptions.Mode.PROPOSE]: "propose",
    [pb.CheckRequest.AutonamingOptions.Mode.ENFORCE]: "enforce",
    [pb.CheckRequest.AutonamingOptions.Mode.DISABLE]: "disable",
} as const;

export function check(request: pb.CheckRequest): provider.CheckRequest {
    const naming = request.getAutonaming();
    return {
        ...target(request),
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        ...(naming === undefined
            ? {}
            : { autonaming: { proposedName: naming.getProposedName(), mode: MODES[naming.getMode()] } }),
    };
}

export function diff(request: pb.DiffRequest): provider.DiffRequest {
    return {
        ...target(request),
        id: request.getId(),
        oldInputs: decode(request.getOldInputs()),
        oldOutputs: decode(request.getOlds()),
        news: decode(request.getNews()),
    };
}

export function create(request: pb.CreateRequest): provider.CreateRequest {
    return {
        ...target(request),
        inputs: decode(request.getProperties()),
        timeoutSeconds: request.getTimeout(),
        preview: request.getPreview(),
    };
}

export function read(request: pb.ReadRequest): provider.ReadRequest {
    return {
        ...target(request),
        id: request.getId(),
        inputs: decode(request.getInputs()),
        outputs: decode(request.getProperties()),
    };
}

export function update(request: pb.UpdateRequest): provider.UpdateRequest {
    return {
        ...target(request),
        id: request.getId(),
        oldInputs: decode(request.getOldInputs()),
        oldOutputs: decode(request.getOlds()),
        news: decode(request.getNews()),
        timeoutSeconds: request.getTimeout(),
        preview: request.getPreview(),
    };
}

export function remove(request: pb.DeleteRequest): provider.DeleteRequest {
    return {
        ...target(request),
        id: request.getId(),
        inputs: decode(request.getOldInputs()),
        outputs: decode(request.getProperties()),
        timeoutSeconds: request.getTimeout(),
    };
}
