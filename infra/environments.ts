import { NatGateways } from "../components/cluster/eks/args";
import { Environment } from "./spec";

export interface EnvironmentDefaults {
    /** Refuse to delete what cannot be made again. */
    readonly protect: boolean;
    /** Pods of each controller. */
    readonly replicas: number;
    readonly natGateways: NatGateways;
}

/** What differs between environments, and only that. */
export const ENVIRONMENTS: Readonly<Record<Environment, EnvironmentDefaults>> = {
    local: { protect: false, replicas: 1, natGateways: NatGateways.Single },
    dev: { protect: false, replicas: 2, natGateways: NatGateways.Single },
    staging: { protect: true, replicas: 2, natGateways: NatGateways.PerZone },
    prod: { protect: true, replicas: 2, natGateways: NatGateways.PerZone },
};
