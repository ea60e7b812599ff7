import { EksGpuClusterArgs, EksGpuPoolArgs } from "../../../../components/cluster/eks/args";

/** A GPU pool that is valid, with what a test wants different. */
export const pool = (different: Partial<EksGpuPoolArgs> = {}): EksGpuPoolArgs => ({
    name: "tune",
    instanceTypes: ["g6.2xlarge"],
    max: 4,
    ...different,
});

/** A cluster that is valid on the day it names, with what a test wants different. */
export const cluster = (different: Partial<EksGpuClusterArgs> = {}): EksGpuClusterArgs => ({
    clusterName: "ml",
    version: "1.36",
    region: "eu-west-1",
    network: { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    admins: ["arn:aws:iam::123456789012:role/platform-admin"],
    gpuPools: [pool()],
    tags: { team: "platform" },
    today: "2026-11-24",
    ...different,
});
