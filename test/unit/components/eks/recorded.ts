import * as pulumi from "@pulumi/pulumi";

import type { EksGpuClusterArgs } from "../../../../components/cluster/eks/args";
import type { EksGpuCluster } from "../../../../components/cluster/eks";
import type { Registered } from "../../../support/mocks";

/** Options that a resource was registered with, which mocks do not see. */
export interface Options {
    readonly dependsOn: readonly string[];
    readonly protect: boolean;
    readonly ignoreChanges: readonly string[];
}

export interface Recorded {
    readonly resources: readonly Registered[];
    /** By `type name`. */
    readonly options: ReadonlyMap<string, Options>;
    readonly component: EksGpuCluster;
}

/** Runs a program that makes one cluster, in a module registry of its own, against Pulumi's mocks. */
export async function recordCluster(args: EksGpuClusterArgs): Promise<Recorded> {
    jest.resetModules();
    const { record } = await import("../../../support/mocks");
    const pending: Promise<void>[] = [];
    const options = new Map<string, Options>();
    const made: EksGpuCluster[] = [];
    const resources = await record(async () => {
        const aws = await import("@pulumi/aws");
        const eks = await import("@pulumi/eks");
        const { EksGpuCluster: Component } = await import("../../../../components/cluster/eks");
        const transformation: pulumi.ResourceTransformation = ({ type, name, opts }) => {
            pending.push(optionsOf(opts).then((found) => void options.set(`${type} ${name}`, found)));
            return undefined;
        };
        const providers = [new aws.Provider("aws", { region: args.region }), new eks.Provider("eks")];
        made.push(new Component("cluster", args, { providers, transformations: [transformation] }));
    });
    await Promise.all(pending);
    return { resources, options, component: made[0]! };
}

async function optionsOf(opts: pulumi.ResourceOptions): Promise<Options> {
    const dependsOn = (opts.dependsOn ?? []) as (pulumi.Resource & { __pulumiType: string; __name: string })[];
    const { ignoreChanges = [] } = opts as pulumi.CustomResourceOptions;
    return {
        dependsOn: dependsOn.map(({ __pulumiType, __name }) => `${__pulumiType} ${__name}`),
        protect: opts.protect ?? false,
        ignoreChanges,
    };
}

/** The resources of a type, by name. */
export function ofType(resources: readonly Registered[], type: string): Readonly<Record<string, Registered["inputs"]>> {
    return Object.fromEntries(
        resources.filter((known) => known.type === type).map(({ name, inputs }) => [name, inputs]),
    );
}

/** What an output holds once the program ran. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}
