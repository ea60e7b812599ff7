import * as pulumi from "@pulumi/pulumi";

import { EksSpec } from "./spec";

/** What every function that emits resources of a cluster is given. */
export interface Scope {
    /** Of the component; the names of its resources begin with it. */
    readonly name: string;
    readonly spec: EksSpec;
    /** The component: resources take their AWS provider from it. */
    readonly parent: pulumi.ComponentResource;
}

/** Tags of a resource: those of the cluster, and the name that AWS's console shows. */
export function tagsOf({ spec }: Scope, part: string, more: Readonly<Record<string, string>> = {}): Tags {
    return { ...spec.tags, Name: `${spec.clusterName}-${part}`, ...more };
}

export interface Tags {
    [key: string]: string;
}

/** Log groups have names that AWS writes to, so they are made before whoever writes. */
export const controlPlaneLogGroup = ({ spec }: Scope): string => `/aws/eks/${spec.clusterName}/cluster`;
export const flowLogGroup = ({ spec }: Scope): string => `/aws/vpc/${spec.clusterName}/flow-logs`;
/** Of a database beside the cluster that bears its name: RDS writes a group for each kind of log. */
export const databaseLogGroups = ({ spec }: Scope): string => `/aws/rds/instance/${spec.clusterName}/*`;
