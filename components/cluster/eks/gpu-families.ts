import { Gpu, GPUS } from "./gpus";

export type Architecture = "amd64" | "arm64";

/** One EC2 type. */
export interface Size {
    readonly vcpu: number;
    readonly memoryGiB: number;
    /** Physical GPUs. Default: none. */
    readonly gpus?: number;
    /** Elastic Fabric Adapter interfaces. Default: none. */
    readonly efa?: number;
    /** On-demand, Linux; left out where us-east-1 does not sell the type by the hour. */
    readonly usdPerHour?: number;
}

/** Types of one generation, which differ in size alone. */
export interface Family {
    readonly architecture: Architecture;
    readonly gpu?: Gpu;
    readonly sizes: Readonly<Record<string, Size>>;
}

/**
 * EC2 families with NVIDIA GPUs. Fractions of a GPU (g6f, gr6f) are left out: they need a driver of their own.
 *
 * Source: Karpenter's AWS provider 1.14.1 (21 August 2026): website/content/en/docs/reference/instance-types.md, and
 * pkg/providers/pricing/zz_generated.pricing_aws.go for the prices, which are those of {@link PRICES}.
 */
export const GPU_FAMILIES: Readonly<Record<string, Family>> = {
    g4dn: {
        architecture: "amd64",
        gpu: GPUS.T4,
        sizes: {
            xlarge: { gpus: 1, vcpu: 4, memoryGiB: 16, efa: 0, usdPerHour: 0.526 },
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 32, efa: 0, usdPerHour: 0.752 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 64, efa: 0, usdPerHour: 1.204 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 128, efa: 1, usdPerHour: 2.176 },
            "12xlarge": { gpus: 4, vcpu: 48, memoryGiB: 192, efa: 1, usdPerHour: 3.912 },
            "16xlarge": { gpus: 1, vcpu: 64, memoryGiB: 256, efa: 1, usdPerHour: 4.352 },
        },
    },
    g5: {
        architecture: "amd64",
        gpu: GPUS.A10G,
        sizes: {
            xlarge: { gpus: 1, vcpu: 4, memoryGiB: 16, efa: 0, usdPerHour: 1.006 },
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 32, efa: 0, usdPerHour: 1.212 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 64, efa: 0, usdPerHour: 1.624 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 128, efa: 1, usdPerHour: 2.448 },
            "12xlarge": { gpus: 4, vcpu: 48, memoryGiB: 192, efa: 1, usdPerHour: 5.672 },
            "16xlarge": { gpus: 1, vcpu: 64, memoryGiB: 256, efa: 1, usdPerHour: 4.096 },
            "24xlarge": { gpus: 4, vcpu: 96, memoryGiB: 384, efa: 1, usdPerHour: 8.144 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 768, efa: 1, usdPerHour: 16.288 },
        },
    },
    g5g: {
        architecture: "arm64",
        gpu: GPUS.T4G,
        sizes: {
            xlarge: { gpus: 1, vcpu: 4, memoryGiB: 8, efa: 0, usdPerHour: 0.42 },
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 16, efa: 0, usdPerHour: 0.556 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 32, efa: 0, usdPerHour: 0.828 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 64, efa: 0, usdPerHour: 1.372 },
            "16xlarge": { gpus: 2, vcpu: 64, memoryGiB: 128, efa: 0, usdPerHour: 2.744 },
        },
    },
    g6: {
        architecture: "amd64",
        gpu: GPUS.L4,
        sizes: {
            xlarge: { gpus: 1, vcpu: 4, memoryGiB: 16, efa: 0, usdPerHour: 0.8048 },
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 32, efa: 0, usdPerHour: 0.9776 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 64, efa: 0, usdPerHour: 1.3232 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 128, efa: 1, usdPerHour: 2.0144 },
            "12xlarge": { gpus: 4, vcpu: 48, memoryGiB: 192, efa: 1, usdPerHour: 4.6016 },
            "16xlarge": { gpus: 1, vcpu: 64, memoryGiB: 256, efa: 1, usdPerHour: 3.3968 },
            "24xlarge": { gpus: 4, vcpu: 96, memoryGiB: 384, efa: 1, usdPerHour: 6.6752 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 768, efa: 1, usdPerHour: 13.3504 },
        },
    },
    gr6: {
        architecture: "amd64",
        gpu: GPUS.L4,
        sizes: {
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 128, efa: 0, usdPerHour: 1.5392 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 256, efa: 1, usdPerHour: 2.4464 },
        },
    },
    g6e: {
        architecture: "amd64",
        gpu: GPUS.L40S,
        sizes: {
            xlarge: { gpus: 1, vcpu: 4, memoryGiB: 32, efa: 0, usdPerHour: 1.861 },
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 64, efa: 0, usdPerHour: 2.2421 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 128, efa: 0, usdPerHour: 3.0042 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 256, efa: 1, usdPerHour: 4.5286 },
            "12xlarge": { gpus: 4, vcpu: 48, memoryGiB: 384, efa: 1, usdPerHour: 10.4926 },
            "16xlarge": { gpus: 1, vcpu: 64, memoryGiB: 512, efa: 1, usdPerHour: 7.5772 },
            "24xlarge": { gpus: 4, vcpu: 96, memoryGiB: 768, efa: 2, usdPerHour: 15.0656 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 1536, efa: 4, usdPerHour: 30.1312 },
        },
    },
    g7: {
        architecture: "amd64",
        gpu: GPUS.RtxPro4500,
        sizes: {
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 32, efa: 0, usdPerHour: 2.52 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 64, efa: 0, usdPerHour: 3.0421 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 128, efa: 1, usdPerHour: 4.0862 },
            "12xlarge": { gpus: 2, vcpu: 48, memoryGiB: 192, efa: 1, usdPerHour: 7.1283 },
            "24xlarge": { gpus: 4, vcpu: 96, memoryGiB: 384, efa: 1, usdPerHour: 14.2566 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 768, efa: 2, usdPerHour: 28.5133 },
        },
    },
    g7e: {
        architecture: "amd64",
        gpu: GPUS.RtxPro6000,
        sizes: {
            "2xlarge": { gpus: 1, vcpu: 8, memoryGiB: 64, efa: 0, usdPerHour: 3.3631 },
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 128, efa: 0, usdPerHour: 3.9982 },
            "8xlarge": { gpus: 1, vcpu: 32, memoryGiB: 256, efa: 1, usdPerHour: 5.2682 },
            "12xlarge": { gpus: 2, vcpu: 48, memoryGiB: 512, efa: 1, usdPerHour: 8.2861 },
            "24xlarge": { gpus: 4, vcpu: 96, memoryGiB: 1024, efa: 2, usdPerHour: 16.5722 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 2048, efa: 4, usdPerHour: 33.1443 },
        },
    },
    p4d: {
        architecture: "amd64",
        gpu: GPUS.A100,
        sizes: {
            "24xlarge": { gpus: 8, vcpu: 96, memoryGiB: 1152, efa: 4, usdPerHour: 21.9576 },
        },
    },
    p4de: {
        architecture: "amd64",
        gpu: GPUS.A100_80,
        sizes: {
            "24xlarge": { gpus: 8, vcpu: 96, memoryGiB: 1152, efa: 4, usdPerHour: 27.4471 },
        },
    },
    p5: {
        architecture: "amd64",
        gpu: GPUS.H100,
        sizes: {
            "4xlarge": { gpus: 1, vcpu: 16, memoryGiB: 256, efa: 1, usdPerHour: 6.88 },
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 2048, efa: 32, usdPerHour: 55.04 },
        },
    },
    p5e: {
        architecture: "amd64",
        gpu: GPUS.H200,
        sizes: {
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 2048, efa: 32 },
        },
    },
    p5en: {
        architecture: "amd64",
        gpu: GPUS.H200,
        sizes: {
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 2048, efa: 16, usdPerHour: 63.296 },
        },
    },
    "p6-b200": {
        architecture: "amd64",
        gpu: GPUS.B200,
        sizes: {
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 2048, efa: 8, usdPerHour: 113.9328 },
        },
    },
    "p6-b300": {
        architecture: "amd64",
        gpu: GPUS.B300,
        sizes: {
            "48xlarge": { gpus: 8, vcpu: 192, memoryGiB: 4096, efa: 16, usdPerHour: 142.416 },
        },
    },
};
