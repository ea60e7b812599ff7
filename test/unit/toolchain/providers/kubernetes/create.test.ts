import { JsonObject } from "../../../../../toolchain/providers/base/json";
import { ApiError, Unreachable } from "../../../../../toolchain/providers/kubernetes/api-error";
import { Cluster } from "../../../../../toolchain/providers/kubernetes/cluster";
import { parseSettings } from "../../../../../toolchain/providers/kubernetes/config";
import { createObject } from "../../../../../toolchain/providers/kubernetes/create";
import { fieldManager, Reference } from "../../../../../toolchain/providers/kubernetes/objects";

const urn = "urn:pulumi:local::mlp::kubernetes:core/v1:ConfigMap::settings";
const object: JsonObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" } };
const taken = new ApiError(
    409,
    { reason: "AlreadyExists", message: 'configmaps "settings" already exists' },
    "POST /x",
);

/** A cluster that answers the attempts to create one after another, and holds an object that `manager` created. */
function clusterOf(answers: readonly Error[], manager: string) {
    const left = [...answers];
    const live = {
        ...object,
        metadata: {
            ...(object.metadata as JsonObject),
            managedFields: [{ manager, operation: "Update", fieldsV1: {} }],
        },
    };
    const apply = jest.fn(async () => ({ body: live, warnings: [] }));
    const cluster = {
        resolve: async (reference: Reference) => reference,
        find: async () => live,
        patch: async () => undefined,
        apply,
        create: async () => {
            const answer = left.shift();
            if (answer !== undefined) throw answer;
            return { body: live, warnings: [] };
        },
    };
    return { cluster: cluster as unknown as Cluster, apply };
}

function create(cluster: Cluster) {
    const host = { status: () => undefined, warn: () => undefined, cancelled: new AbortController().signal };
    return createObject(
        { cluster, host, settings: parseSettings({}) },
        {
            urn,
            type: "kubernetes:core/v1:ConfigMap",
            name: "settings",
            inputs: { value: object, secrets: [] },
            timeoutSeconds: 0,
            preview: false,
        },
    );
}

describe("an object that exists already", () => {
    it("is refused even under our manager's name, which a stack of the same name in another state has too", async () => {
        const { cluster, apply } = clusterOf([taken], fieldManager(urn));

        await expect(create(cluster)).rejects.toThrow(/ConfigMap shop\/settings already exists.*mlp up.*pulumi import/);
        expect(apply).not.toHaveBeenCalled();
    });

    it.each<[string, Error]>([
        ["timed out", new ApiError(504, {}, "POST /x")],
        ["broke off", new Unreachable("https://127.0.0.1:1", "ECONNRESET", true)],
    ])("is ours when an attempt of this very creation %s before", async (_, first) => {
        const { cluster, apply } = clusterOf([first, taken], fieldManager(urn));

        await expect(create(cluster)).resolves.toMatchObject({ id: "shop/settings" });
        expect(apply).toHaveBeenCalledTimes(1);
    });

    it("is somebody else's when another manager made it while an attempt broke off", async () => {
        const { cluster } = clusterOf([new ApiError(504, {}, "POST /x"), taken], "argo");

        await expect(create(cluster)).rejects.toThrow("already exists");
    });
});
