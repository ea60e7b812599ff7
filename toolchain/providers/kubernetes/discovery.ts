import { JsonObject, objectsAt, stringAt } from "../base/json";
import { isNotFound, NoSuchKind } from "./api-error";
import { Client } from "./client";
import { Reference } from "./objects";

interface ResourceKind {
    readonly plural: string;
    readonly namespaced: boolean;
}

/** The place of an object in the API. */
export interface Location {
    /** Path of the object's collection. */
    readonly collection: string;
    readonly path: string;
    readonly namespace: string | undefined;
}

/** Finds out how the server names kinds and whether they live in namespaces; asks once per API version. */
export class Discovery {
    private readonly known = new Map<string, Promise<ReadonlyMap<string, ResourceKind>>>();

    constructor(private readonly client: Client) {}

    async locate(reference: Reference): Promise<Location> {
        const { plural, namespaced } = await this.find(reference);
        const namespace = namespaced ? (reference.namespace ?? (await this.client.defaultNamespace())) : undefined;
        const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
        const collection = `${root(reference.apiVersion)}${scope}/${plural}`;
        return { collection, path: `${collection}/${encodeURIComponent(reference.name)}`, namespace };
    }

    private async find({ apiVersion, kind }: Reference): Promise<ResourceKind> {
        const found = (await this.resources(apiVersion)).get(kind);
        if (found !== undefined) return found;
        // A definition may have been installed since: what is missing is never remembered.
        this.known.delete(apiVersion);
        const again = (await this.resources(apiVersion)).get(kind);
        if (again === undefined) {
            this.known.delete(apiVersion);
            throw new NoSuchKind(apiVersion, kind);
        }
        return again;
    }

    private resources(apiVersion: string): Promise<ReadonlyMap<string, ResourceKind>> {
        const known = this.known.get(apiVersion);
        if (known !== undefined) return known;
        const asked = this.ask(apiVersion);
        this.known.set(apiVersion, asked);
        // A failed question is asked again by the next one who needs the answer.
        asked.catch(() => this.known.delete(apiVersion));
        return asked;
    }

    private async ask(apiVersion: string): Promise<ReadonlyMap<string, ResourceKind>> {
        try {
            return parseResources(await this.client.get(root(apiVersion)));
        } catch (error) {
            if (isNotFound(error)) return new Map();
            throw error;
        }
    }
}

function root(apiVersion: string): string {
    return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parseResources(list: JsonObject): ReadonlyMap<string, ResourceKind> {
    const resources = objectsAt(list, "resources").flatMap((resource): [string, ResourceKind][] => {
        const name = stringAt(resource, "name") ?? "";
        const kind = stringAt(resource, "kind");
        // A name with a slash is a subresource.
        if (kind === undefined || name.includes("/")) return [];
        return [[kind, { plural: name, namespaced: resource.namespaced === true }]];
    });
    return new Map(resources);
}
