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
 * Add-ons whose builds fit every version of the table. Where no build could be confirmed for a minor version the last
 * one confirmed for its predecessor stands; `addonVersions` in the cluster's arguments overrides any of them, and
 * `aws eks describe-addon-versions --kubernetes-version 1.36 --addon-name NAME` tells what AWS offers today.
 */
const COMMON = {
    // Installed on EKS 1.34, 1.35 and 1.36 (public records of running clusters, August to October 2026).
    "vpc-cni": "v1.22.4-eksbuild.3",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
    // Confirmed on 1.35 (August 2026); not confirmed on 1.36.
    "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
    // Confirmed on 1.34 (July 2026); not confirmed on 1.35 and 1.36.
    "aws-efs-csi-driver": "v3.4.0-eksbuild.1",
    "aws-mountpoint-s3-csi-driver": "v2.5.0-eksbuild.1",
} as const;

/** By Kubernetes version. kube-proxy and coredns: AWS's user guide of 26 September 2026, as recorded in public. */
export const ADDON_VERSIONS: Readonly<Record<string, Readonly<Partial<Record<AddonName, string>>>>> = {
    "1.34": { ...COMMON, "kube-proxy": "v1.34.6-eksbuild.25", coredns: "v1.13.2-eksbuild.24" },
    "1.35": { ...COMMON, "kube-proxy": "v1.35.3-eksbuild.25", coredns: "v1.14.3-eksbuild.16" },
    "1.36": { ...COMMON, "kube-proxy": "v1.36.0-eksbuild.21", coredns: "v1.14.3-eksbuild.16" },
};
