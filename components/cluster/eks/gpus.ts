/** NVIDIA's driver in the node image that a GPU needs beyond what the standard images carry. */
export type Driver = "standard" | "595";

/** A GPU as EC2 sells it. */
export interface Gpu {
    /** As the field calls it: `H100`. */
    readonly product: string;
    /** As NVIDIA's GPU feature discovery labels it: the driver's name with dashes. */
    readonly discovered: string;
    /** As EC2's API reports it, a little below the name on the box. */
    readonly memoryMiB: number;
    /** Partitions of one GPU by Multi-Instance GPU profile; empty where the hardware cannot. */
    readonly mig: Readonly<Record<string, number>>;
    readonly driver: Driver;
}

const gpu = (
    product: string,
    discovered: string,
    memoryMiB: number,
    mig: Record<string, number> = {},
    driver: Driver = "standard",
): Gpu => Object.freeze({ product, discovered, memoryMiB, mig: Object.freeze(mig), driver });

/**
 * GPUs of EC2. Memory: EC2's DescribeInstanceTypes as recorded in Karpenter 1.14.1's reference (21 August 2026).
 * Profiles: NVIDIA's MIG user guide; those of B300 and RTX PRO 6000 from aws/sagemaker-hyperpod-cli (2026).
 * Discovered: nodes in public records of 2026; that of the RTX PRO 4500, which no pool may have yet, is not confirmed.
 * Driver: EKS's AL2023 image carries 580; G7 needs 595, which only an image of one's own has (amazon-eks-ami, g7-ami).
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/
 */
export const GPUS = {
    T4: gpu("T4", "Tesla-T4", 16384),
    T4G: gpu("T4G", "NVIDIA-T4G", 16384),
    A10G: gpu("A10G", "NVIDIA-A10G", 22888),
    L4: gpu("L4", "NVIDIA-L4", 22888),
    L40S: gpu("L40S", "NVIDIA-L40S", 45776),
    RtxPro4500: gpu("RTX-PRO-4500", "NVIDIA-RTX-PRO-4500-Blackwell-Server-Edition", 32768, {}, "595"),
    RtxPro6000: gpu("RTX-PRO-6000", "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition", 98304, {
        "1g.24gb": 4,
        "2g.48gb": 2,
        "4g.96gb": 1,
    }),
    A100: gpu("A100", "NVIDIA-A100-SXM4-40GB", 40960, migOf("5gb", "10gb", "10gb", "20gb", "40gb")),
    A100_80: gpu("A100", "NVIDIA-A100-SXM4-80GB", 81920, migOf("10gb", "20gb", "20gb", "40gb", "80gb")),
    H100: gpu("H100", "NVIDIA-H100-80GB-HBM3", 81920, migOf("10gb", "20gb", "20gb", "40gb", "80gb")),
    H200: gpu("H200", "NVIDIA-H200", 144384, migOf("18gb", "35gb", "35gb", "71gb", "141gb")),
    B200: gpu("B200", "NVIDIA-B200", 183359, migOf("23gb", "45gb", "45gb", "90gb", "180gb")),
    B300: gpu("B300", "NVIDIA-B300-SXM6-AC", 275040, migOf("34gb", "67gb", "67gb", "135gb", "269gb")),
} as const;

/** The six profiles of a data-centre GPU and how many of each fit, by the memory of each. */
function migOf(one: string, oneDouble: string, two: string, half: string, whole: string): Record<string, number> {
    return {
        [`1g.${one}`]: 7,
        [`1g.${oneDouble}`]: 4,
        [`2g.${two}`]: 3,
        [`3g.${half}`]: 2,
        [`4g.${half}`]: 1,
        [`7g.${whole}`]: 1,
    };
}
