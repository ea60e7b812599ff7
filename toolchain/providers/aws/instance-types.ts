export interface Capacity {
    readonly architecture: "amd64" | "arm64";
    readonly cpu: number;
    readonly memoryGiB: number;
    readonly gpus: number;
}

/**
 * Accelerated types that a pool may name, as EC2's pages list them: vCPU, memory in GiB, NVIDIA GPUs.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 */
const ACCELERATED: Readonly<Record<string, readonly [cpu: number, memoryGiB: number, gpus: number]>> = {
    "g4dn.xlarge": [4, 16, 1],
    "g4dn.2xlarge": [8, 32, 1],
    "g4dn.12xlarge": [48, 192, 4],
    "g5.xlarge": [4, 16, 1],
    "g5.2xlarge": [8, 32, 1],
    "g5.4xlarge": [16, 64, 1],
    "g5.8xlarge": [32, 128, 1],
    "g5.12xlarge": [48, 192, 4],
    "g5.48xlarge": [192, 768, 8],
    "g6.xlarge": [4, 16, 1],
    "g6.2xlarge": [8, 32, 1],
    "g6.4xlarge": [16, 64, 1],
    "g6.8xlarge": [32, 128, 1],
    "g6.12xlarge": [48, 192, 4],
    "g6.48xlarge": [192, 768, 8],
    "g6e.xlarge": [4, 32, 1],
    "g6e.2xlarge": [8, 64, 1],
    "g6e.4xlarge": [16, 128, 1],
    "g6e.8xlarge": [32, 256, 1],
    "g6e.12xlarge": [48, 384, 4],
    "g6e.48xlarge": [192, 1536, 8],
    "p4d.24xlarge": [96, 1152, 8],
    "p4de.24xlarge": [96, 1152, 8],
    "p5.4xlarge": [16, 256, 1],
    "p5.48xlarge": [192, 2048, 8],
    "p5e.48xlarge": [192, 2048, 8],
    "p5en.48xlarge": [192, 2048, 8],
    "p6-b200.48xlarge": [192, 2048, 8],
    "p6-b300.48xlarge": [192, 4096, 8],
};

/** Memory in GiB for each vCPU, by the letter that begins a family's name. */
const MEMORY_PER_CPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, t: 2 };

const SIZES: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };

/** What a node of this type has; general-purpose types by their name's own rules. */
export function capacityOf(instanceType: string): Capacity {
    const [family = "", size = ""] = instanceType.split(".");
    // A `g` after the generation's digit is a Graviton processor: m7g, g5g.
    const architecture = /^[a-z]+\d+[a-z]*g/.test(family) ? "arm64" : "amd64";
    const accelerated = ACCELERATED[instanceType];
    if (accelerated !== undefined) {
        const [cpu, memoryGiB, gpus] = accelerated;
        return { architecture, cpu, memoryGiB, gpus };
    }
    const [, times = ""] = /^(\d+)xlarge$/.exec(size) ?? [];
    const cpu = times === "" ? (SIZES[size] ?? 2) : 4 * Number(times);
    return { architecture, cpu, memoryGiB: cpu * (MEMORY_PER_CPU[family.charAt(0)] ?? 4), gpus: 0 };
}
