import { JsonObject, objectsAt } from "../base/json";
import { isNotFound, NoSuchKind } from "./api-error";
import { Answer, Client } from "./client";
import { Discovery } from "./discovery";
import { fromServer, Reference, toServer } from "./objects";

export interface ApplyOptions {
    readonly manager: string;
    readonly dryRun?: boolean;
    readonly force?: boolean;
}

/** Operations on objects of one cluster, each by its reference. */
export class Cluster {
    private readonly discovery: Discovery;

    constructor(private readonly client: Client) {
        this.discovery = new Discovery(client);
    }

    /** The reference with the namespace in which the object really lives. */
    async resolve(reference: Reference): Promise<Reference> {
        return { ...reference, namespace: (await this.discovery.locate(reference)).namespace };
    }

    /** The live object, or nothing. A kind that is not served has no objects. */
    async find(reference: Reference): Promise<JsonObject | undefined> {
        try {
            return fromServer(await this.client.get((await this.discovery.locate(reference)).path));
        } catch (error) {
            if (isNotFound(error) || error instanceof NoSuchKind) return undefined;
            throw error;
        }
    }

    async list(kind: Omit<Reference, "name">, query: Readonly<Record<string, string>>): Promise<JsonObject[]> {
        const { collection } = await this.discovery.locate({ ...kind, name: "" });
        return objectsAt(await this.client.get(collection, query), "items");
    }

    async create(reference: Reference, object: JsonObject, manager: string, dryRun = false): Promise<Answer> {
        const { collection, namespace } = await this.discovery.locate(reference);
        const query = { fieldManager: manager, fieldValidation: "Warn", ...(dryRun ? { dryRun: "All" } : {}) };
        return received(await this.client.call("POST", collection, { query, body: inNamespace(object, namespace) }));
    }

    async apply(reference: Reference, object: JsonObject, options: ApplyOptions): Promise<Answer> {
        const { path, namespace } = await this.discovery.locate(reference);
        const query = {
            fieldManager: options.manager,
            fieldValidation: "Warn",
            ...(options.dryRun === true ? { dryRun: "All" } : {}),
            ...(options.force === true ? { force: "true" } : {}),
        };
        const contentType = "application/apply-patch+yaml";
        return received(
            await this.client.call("PATCH", path, { query, body: inNamespace(object, namespace), contentType }),
        );
    }

    async patch(reference: Reference, operations: readonly JsonObject[], manager: string): Promise<void> {
        const { path } = await this.discovery.locate(reference);
        const contentType = "application/json-patch+json";
        await this.client.call("PATCH", path, { query: { fieldManager: manager }, body: operations, contentType });
    }

    async delete(reference: Reference, propagationPolicy: string): Promise<void> {
        const { path } = await this.discovery.locate(reference);
        const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
        await this.client.call("DELETE", path, { body });
    }

    /** The last lines that a container wrote, of its run before the present one if it has one. */
    async logs(namespace: string, pod: string, container: string, previous: boolean): Promise<string> {
        const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
        return this.client.text(path, { container, tailLines: "10", ...(previous ? { previous: "true" } : {}) });
    }
}

function inNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
    const sent = toServer(object);
    if (namespace === undefined) return sent;
    return { ...sent, metadata: { ...(sent.metadata as JsonObject), namespace } };
}

function received({ body, warnings }: Answer): Answer {
    return { body: fromServer(body), warnings };
}
