import { NatGateways } from "../components/cluster/eks/args";
import { Environment } from "./spec";

export interface EnvironmentDefaults {
    /** Refuse to delete what cannot be made again. */
    readonly protect: boolean;
    /** Pods of each controller. */
    readonly replicas: number;
    readonly natGateways: NatGateways;
    /** Class of the RDS instance. */
    readonly databaseClass: string;
}

/** What differs between environments, and only that. */
export const ENVIRONMENTS: Readonly<Record<Environment, EnvironmentDefaults>> = {
    local: { protect: false, replicas: 1, natGateways: NatGateways.Single, databaseClass: "db.t4g.medium" },
    dev: { protect: false, replicas: 2, natGateways: NatGateways.Single, databaseClass: "db.t4g.medium" },
    staging: { protect: true, replicas: 2, natGateways: NatGateways.PerZone, databaseClass: "db.m7g.large" },
    prod: { protect: true, replicas: 2, natGateways: NatGateways.PerZone, databaseClass: "db.m7g.large" },
};
