import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** A generated file of CustomResourceDefinitions: see `npm run generate`. */
export interface CrdFile {
    generatedBy: string;
    crds: Crd[];
}

export interface CrdMetadata {
    name: string;
    /** Who approved a kind of Kubernetes' own groups. Default: none. */
    annotations?: { [annotation: string]: string };
}

export interface Crd {
    metadata: CrdMetadata;
    spec: object;
}

export interface CrdsArgs {
    crds: Crd[];
}

/**
 * CustomResourceDefinitions as a layer of their own: first in, last out, because deleting one deletes all its objects.
 * Give it `protect` where that must not happen by accident.
 */
export class Crds extends pulumi.ComponentResource {
    constructor(name: string, args: CrdsArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Crds", name, {}, opts);
        for (const { metadata, spec } of args.crds) {
            new k8s.apiextensions.v1.CustomResourceDefinition(
                metadata.name,
                {
                    metadata: { ...metadata },
                    spec: spec as k8s.types.input.apiextensions.v1.CustomResourceDefinitionSpec,
                },
                { parent: this, ...(opts.protect === undefined ? {} : { protect: opts.protect }) },
            );
        }
        this.registerOutputs({});
    }
}
