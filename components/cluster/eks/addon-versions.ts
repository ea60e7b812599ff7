/** The EKS add-ons that the cluster installs. */
export const ADDONS = [
    "vpc-cni",
    "eks-pod-identity-agent",
    "kube-proxy",
    "coredns",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "aws-fsx-csi-driver",
    "aws-mountpoint-s3-csi-driver",
    "eks-node-monitoring-agent",
] as const;
export type AddonName = (typeof ADDONS)[number];

/**
 * Builds by Kubernetes version, as found in public records by 24 November 2026: kube-proxy and coredns are those of
 * AWS's user guide of 26 September 2026, the others were pinned on running clusters. Where a build could not be
 * confirmed for a version, the one for its neighbour stands and a comment says so. `addonVersions` in the cluster's
 * arguments overrides any; {@link lookUpAddon} says how to see what AWS offers today.
 */
export const ADDON_VERSIONS: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
    "1.34": {
        "vpc-cni": "v1.22.4-eksbuild.3",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
        "kube-proxy": "v1.34.6-eksbuild.25",
        coredns: "v1.13.2-eksbuild.24",
        "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
        "aws-efs-csi-driver": "v3.4.0-eksbuild.1",
        // Pinned with no Kubernetes version beside it: not confirmed for any.
        "aws-fsx-csi-driver": "v1.9.0-eksbuild.1",
        "aws-mountpoint-s3-csi-driver": "v2.5.0-eksbuild.1",
        // Not confirmed: 1.35's.
        "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
    },
    "1.35": {
        "vpc-cni": "v1.22.4-eksbuild.3",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
        "kube-proxy": "v1.35.3-eksbuild.25",
        coredns: "v1.14.3-eksbuild.16",
        "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
        "aws-efs-csi-driver": "v3.4.1-eksbuild.1",
        // Not confirmed, neither of the two.
        "aws-fsx-csi-driver": "v1.9.0-eksbuild.1",
        "aws-mountpoint-s3-csi-driver": "v2.5.0-eksbuild.1",
        "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
    },
    "1.36": {
        "vpc-cni": "v1.22.4-eksbuild.3",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
        "kube-proxy": "v1.36.0-eksbuild.21",
        coredns: "v1.14.3-eksbuild.16",
        "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
        "aws-efs-csi-driver": "v3.4.2-eksbuild.1",
        // Not confirmed, neither of the two.
        "aws-fsx-csi-driver": "v1.9.0-eksbuild.1",
        "aws-mountpoint-s3-csi-driver": "v2.5.0-eksbuild.1",
        "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
    },
};

/** The command that lists the builds of an add-on for a Kubernetes version. */
export function lookUpAddon(name: string, kubernetes: string): string {
    return `aws eks describe-addon-versions --kubernetes-version ${kubernetes} --addon-name ${name}`;
}
