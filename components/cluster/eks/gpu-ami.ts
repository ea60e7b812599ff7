import { GpuAmi } from "./args";
import type { Architecture } from "./gpu-families";
import type { AmiType } from "./spec";

/** What aws.eks.NodeGroup calls the NVIDIA images. @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html */
export const GPU_AMI_TYPES: Readonly<Record<GpuAmi, Readonly<Record<Architecture, AmiType>>>> = {
    [GpuAmi.Al2023]: { amd64: "AL2023_x86_64_NVIDIA", arm64: "AL2023_ARM_64_NVIDIA" },
    [GpuAmi.Bottlerocket]: { amd64: "BOTTLEROCKET_x86_64_NVIDIA", arm64: "BOTTLEROCKET_ARM_64_NVIDIA" },
};

export const SYSTEM_AMI_TYPES: Readonly<Record<Architecture, AmiType>> = {
    amd64: "AL2023_x86_64_STANDARD",
    arm64: "AL2023_ARM_64_STANDARD",
};
