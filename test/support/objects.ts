import { LocalPlatform } from "./local-platform";

interface Item {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly generation?: number;
        readonly resourceVersion: string;
        readonly managedFields?: readonly { readonly manager: string }[];
    };
}

/** Kinds that live by themselves: their objects come and go without anybody's doing. */
const RESTLESS =
    /^(events|leases|endpoints|endpointslices|pods|replicasets|controllerrevisions|nodes|componentstatuses)(\.|$)|metrics\.k8s\.io/;

/** Whatever has an API server. */
type Cluster = Pick<LocalPlatform, "kubectl" | "get">;

/** Every object of every kind that can be listed, by kind, namespace and name. */
export function allObjects(platform: Cluster): Map<string, Item> {
    const kinds = platform
        .kubectl(["api-resources", "--verbs=list", "--output=name"])
        .stdout.split("\n")
        .filter((kind) => kind !== "" && !RESTLESS.test(kind));
    const { items } = platform.get<{ items: Item[] }>(kinds.join(","), "--all-namespaces", "--show-managed-fields");
    return new Map(items.map((item) => [nameOf(item), item]));
}

/** What Pulumi made, by name: everything that somebody declared, without what the cluster keeps for itself. */
export function declarations(platform: LocalPlatform): Map<string, string> {
    const ours = [...allObjects(platform)].filter(([, item]) => isOurs(item));
    return new Map(ours.map(([name, item]) => [name, JSON.stringify(declared(item))]));
}

export function isOurs({ metadata }: Item): boolean {
    return metadata.managedFields?.some(({ manager }) => manager.startsWith("pulumi-kubernetes")) === true;
}

function declared({ status: _status, metadata, ...rest }: Item & { status?: unknown }): object {
    const { resourceVersion: _version, managedFields: _fields, generation: _generation, ...kept } = metadata;
    return { ...rest, metadata: kept };
}

function nameOf({ apiVersion, kind, metadata: { name, namespace } }: Item): string {
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
    const plural = kind.toLowerCase().endsWith("y")
        ? `${kind.toLowerCase().slice(0, -1)}ies`
        : `${kind.toLowerCase()}s`;
    return `${plural}${group} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
