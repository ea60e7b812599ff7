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

/** Every object of every kind that can be listed, by kind, namespace and name. */
export function allObjects(platform: LocalPlatform): Map<string, Item> {
    const kinds = platform
        .kubectl(["api-resources", "--verbs=list", "--output=name"])
        .stdout.split("\n")
        .filter((kind) => kind !== "" && !RESTLESS.test(kind));
    const { items } = platform.get<{ items: Item[] }>(kinds.join(","), "--all-namespaces", "--show-managed-fields");
    return new Map(items.map((item) => [nameOf(item), item]));
}

/** Objects that Pulumi made, by name; generation where a kind has one, since status is nobody's edit. */
export function resourceVersions(platform: LocalPlatform): Map<string, string> {
    const ours = [...allObjects(platform)].filter(([, { metadata }]) =>
        metadata.managedFields?.some(({ manager }) => manager.startsWith("pulumi-kubernetes")),
    );
    return new Map(ours.map(([name, { metadata }]) => [name, String(metadata.generation ?? metadata.resourceVersion)]));
}

function nameOf({ apiVersion, kind, metadata: { name, namespace } }: Item): string {
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
    const plural = kind.toLowerCase().endsWith("y")
        ? `${kind.toLowerCase().slice(0, -1)}ies`
        : `${kind.toLowerCase()}s`;
    return `${plural}${group} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
