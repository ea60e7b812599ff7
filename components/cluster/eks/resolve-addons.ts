import { ADDON_VERSIONS, AddonName, ADDONS, lookUpAddon } from "./addon-versions";
import type { EksGpuClusterArgs } from "./args";
import type { Checks } from "./resolve-checks";
import type { AddonSpec } from "./spec";

const VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;
const ON_SYSTEM_NODES = { nodeSelector: { "mlp.dev/pool": "system" } };
const ON_EVERY_NODE = { tolerations: [{ operator: "Exists" }] };

interface Addon {
    /** Left out unless the cluster uses it. Default: always. */
    readonly wanted?: (args: EksGpuClusterArgs) => boolean;
    /** A node cannot become ready, or its pods cannot get rights, without it. Default: after the nodes. */
    readonly beforeNodes?: boolean;
    readonly configuration?: (args: EksGpuClusterArgs) => object;
}

const CONFIGURATIONS: Readonly<Record<AddonName, Addon>> = {
    "vpc-cni": {
        beforeNodes: true,
        configuration: (args) => ({
            enableNetworkPolicy: "true",
            env: {
                ENABLE_PREFIX_DELEGATION: "true",
                WARM_PREFIX_TARGET: "1",
                ...(hasPodSubnets(args) && {
                    AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true",
                    ENI_CONFIG_LABEL_DEF: "topology.kubernetes.io/zone",
                }),
            },
        }),
    },
    "eks-pod-identity-agent": { beforeNodes: true },
    // vpc-cni reaches the API server through the Service that kube-proxy makes.
    "kube-proxy": { beforeNodes: true },
    coredns: { configuration: () => ON_SYSTEM_NODES },
    "aws-ebs-csi-driver": { configuration: () => ({ controller: ON_SYSTEM_NODES }) },
    "aws-efs-csi-driver": {
        wanted: ({ storage }) => storage?.efs ?? false,
        configuration: () => ({ controller: ON_SYSTEM_NODES }),
    },
    "aws-fsx-csi-driver": {
        wanted: ({ storage }) => storage?.lustre !== undefined,
        configuration: () => ({ controller: ON_SYSTEM_NODES }),
    },
    "aws-mountpoint-s3-csi-driver": { configuration: () => ({ node: ON_EVERY_NODE }) },
    // Its own DCGM tolerates nothing by itself, and GPU nodes are tainted.
    "eks-node-monitoring-agent": { configuration: () => ({ dcgmAgent: ON_EVERY_NODE }) },
};

/** Add-ons of the cluster, each at the version that is pinned for it or that its user names. */
export function resolveAddons(args: EksGpuClusterArgs, checks: Checks): readonly AddonSpec[] {
    const chosen = args.addonVersions ?? {};
    for (const [name, version] of Object.entries(chosen)) {
        const part = `addonVersions.${name}`;
        if (!ADDONS.some((known) => known === name)) {
            checks.wrong(part, name, `one of ${ADDONS.join(", ")}`, "Correct the name.");
        }
        const fix = `Copy one from: ${lookUpAddon(name, args.version)}`;
        checks.matches(part, version, VERSION, "a build of the add-on, such as v1.22.4-eksbuild.3", fix);
    }
    const pinned = ADDON_VERSIONS[args.version];
    return ADDONS.flatMap((name) => {
        const { wanted, beforeNodes = false, configuration } = CONFIGURATIONS[name];
        const version = chosen[name] ?? pinned?.[name];
        // A Kubernetes version that the table lacks is told where it stands.
        if (version === undefined || (wanted !== undefined && !wanted(args))) return [];
        return [{ name, version, beforeNodes, ...(configuration && { configuration: configuration(args) }) }];
    });
}

/** Pods have a range of their own. */
function hasPodSubnets({ network, existingNetwork }: EksGpuClusterArgs): boolean {
    return network !== undefined || existingNetwork?.podSubnets !== undefined;
}
