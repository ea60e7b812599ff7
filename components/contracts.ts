import { InvalidConfiguration, Problem } from "./problems";

/** GPU nodes of one kind, as other components need to know them. */
export interface GpuPool {
    /** Unique within the cluster. */
    name: string;
    /** Extended resource that a pod requests. Default: `nvidia.com/gpu`. */
    resource: string;
    /** Whole GPUs that one node offers. */
    gpusPerNode: number;
    /** Nodes that the pool holds at its largest. */
    maxNodes: number;
    /** Labels that only nodes of this pool carry; empty where every node belongs to it. */
    nodeLabels: { [label: string]: string };
}

/** A running cluster, whoever made it. */
export interface Cluster {
    /** Stable over kubeconfig changes: the provider's `clusterIdentifier`. */
    name: string;
    /** Minor version, such as `1.36`; `unknown` where the API server does not tell. */
    kubernetesVersion: string;
    gpuPools: GpuPool[];
    /** StorageClass for volumes that name none. Default: the cluster's own default class. */
    storageClass?: string;
}

/** Where images come from: the catalogue's references by name, after mirroring and pinning. */
export interface ImageSource {
    references: { [name: string]: string };
}

/**
 * The reference of one image.
 *
 * @throws InvalidConfiguration when the source does not hold it, naming `path`.
 */
export function imageOf(images: ImageSource, name: string, path: string): string {
    const reference = images.references[name];
    if (reference === undefined) throw new InvalidConfiguration([unknownImage(images, name, path)]);
    return reference;
}

/** What is wrong with a name that is none of the image source. */
export function unknownImage({ references }: ImageSource, name: string, path: string): Problem {
    return {
        path,
        found: name,
        allowed: `one of ${Object.keys(references).sort().join(", ") || "no images yet"}`,
        fix: "Name an image of images/catalogue.ts or add it there.",
    };
}
