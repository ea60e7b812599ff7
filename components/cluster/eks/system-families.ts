import type { Family } from "./gpu-families";

/** EC2 families without GPUs, up to 64 vCPU. Source and prices: as in gpu-families.ts. */
export const SYSTEM_FAMILIES: Readonly<Record<string, Family>> = {
    m7i: {
        architecture: "amd64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.1008 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.2016 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.4032 },
            "4xlarge": { vcpu: 16, memoryGiB: 64, usdPerHour: 0.8064 },
            "8xlarge": { vcpu: 32, memoryGiB: 128, usdPerHour: 1.6128 },
            "12xlarge": { vcpu: 48, memoryGiB: 192, usdPerHour: 2.4192 },
            "16xlarge": { vcpu: 64, memoryGiB: 256, usdPerHour: 3.2256 },
        },
    },
    m7g: {
        architecture: "arm64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.0816 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.1632 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.3264 },
            "4xlarge": { vcpu: 16, memoryGiB: 64, usdPerHour: 0.6528 },
            "8xlarge": { vcpu: 32, memoryGiB: 128, usdPerHour: 1.3056 },
            "12xlarge": { vcpu: 48, memoryGiB: 192, usdPerHour: 1.9584 },
            "16xlarge": { vcpu: 64, memoryGiB: 256, usdPerHour: 2.6112 },
        },
    },
    m8i: {
        architecture: "amd64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.1058 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.2117 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.4234 },
            "4xlarge": { vcpu: 16, memoryGiB: 64, usdPerHour: 0.8467 },
            "8xlarge": { vcpu: 32, memoryGiB: 128, usdPerHour: 1.6934 },
            "12xlarge": { vcpu: 48, memoryGiB: 192, usdPerHour: 2.5402 },
            "16xlarge": { vcpu: 64, memoryGiB: 256, usdPerHour: 3.3869 },
        },
    },
    m8g: {
        architecture: "arm64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.0898 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.1795 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.359 },
            "4xlarge": { vcpu: 16, memoryGiB: 64, usdPerHour: 0.7181 },
            "8xlarge": { vcpu: 32, memoryGiB: 128, usdPerHour: 1.4362 },
            "12xlarge": { vcpu: 48, memoryGiB: 192, usdPerHour: 2.1542 },
            "16xlarge": { vcpu: 64, memoryGiB: 256, usdPerHour: 2.8723 },
        },
    },
    m6i: {
        architecture: "amd64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.096 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.192 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.384 },
            "4xlarge": { vcpu: 16, memoryGiB: 64, usdPerHour: 0.768 },
            "8xlarge": { vcpu: 32, memoryGiB: 128, usdPerHour: 1.536 },
            "12xlarge": { vcpu: 48, memoryGiB: 192, usdPerHour: 2.304 },
            "16xlarge": { vcpu: 64, memoryGiB: 256, usdPerHour: 3.072 },
        },
    },
    c7i: {
        architecture: "amd64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 4, usdPerHour: 0.0892 },
            xlarge: { vcpu: 4, memoryGiB: 8, usdPerHour: 0.1785 },
            "2xlarge": { vcpu: 8, memoryGiB: 16, usdPerHour: 0.357 },
            "4xlarge": { vcpu: 16, memoryGiB: 32, usdPerHour: 0.714 },
            "8xlarge": { vcpu: 32, memoryGiB: 64, usdPerHour: 1.428 },
            "12xlarge": { vcpu: 48, memoryGiB: 96, usdPerHour: 2.142 },
            "16xlarge": { vcpu: 64, memoryGiB: 128, usdPerHour: 2.856 },
        },
    },
    c7g: {
        architecture: "arm64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 4, usdPerHour: 0.0725 },
            xlarge: { vcpu: 4, memoryGiB: 8, usdPerHour: 0.145 },
            "2xlarge": { vcpu: 8, memoryGiB: 16, usdPerHour: 0.29 },
            "4xlarge": { vcpu: 16, memoryGiB: 32, usdPerHour: 0.58 },
            "8xlarge": { vcpu: 32, memoryGiB: 64, usdPerHour: 1.16 },
            "12xlarge": { vcpu: 48, memoryGiB: 96, usdPerHour: 1.74 },
            "16xlarge": { vcpu: 64, memoryGiB: 128, usdPerHour: 2.32 },
        },
    },
    r7i: {
        architecture: "amd64",
        sizes: {
            large: { vcpu: 2, memoryGiB: 16, usdPerHour: 0.1323 },
            xlarge: { vcpu: 4, memoryGiB: 32, usdPerHour: 0.2646 },
            "2xlarge": { vcpu: 8, memoryGiB: 64, usdPerHour: 0.5292 },
            "4xlarge": { vcpu: 16, memoryGiB: 128, usdPerHour: 1.0584 },
            "8xlarge": { vcpu: 32, memoryGiB: 256, usdPerHour: 2.1168 },
            "12xlarge": { vcpu: 48, memoryGiB: 384, usdPerHour: 3.1752 },
            "16xlarge": { vcpu: 64, memoryGiB: 512, usdPerHour: 4.2336 },
        },
    },
    t3: {
        architecture: "amd64",
        sizes: {
            small: { vcpu: 2, memoryGiB: 2, usdPerHour: 0.0208 },
            medium: { vcpu: 2, memoryGiB: 4, usdPerHour: 0.0416 },
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.0832 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.1664 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.3328 },
        },
    },
    t4g: {
        architecture: "arm64",
        sizes: {
            small: { vcpu: 2, memoryGiB: 2, usdPerHour: 0.0168 },
            medium: { vcpu: 2, memoryGiB: 4, usdPerHour: 0.0336 },
            large: { vcpu: 2, memoryGiB: 8, usdPerHour: 0.0672 },
            xlarge: { vcpu: 4, memoryGiB: 16, usdPerHour: 0.1344 },
            "2xlarge": { vcpu: 8, memoryGiB: 32, usdPerHour: 0.2688 },
        },
    },
};
