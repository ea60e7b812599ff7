import { z } from "zod";

import { name } from "./config-names";

const cores = z
    .string()
    .regex(/^\d+(\.\d+)?m?$/, "cores, such as 500m or 2")
    .describe("Cores.");
const memory = z
    .string()
    .regex(/^\d+[KMGT]i$/, "memory, such as 4Gi")
    .describe("Memory.");
const seconds = z.int().min(30);

const profile = z.strictObject({
    name: name.describe("Unique name of the profile."),
    title: z.string().min(1).exactOptional().describe("What people read. Default: the name."),
    cpu: cores.describe("Cores requested."),
    cpuLimit: cores.exactOptional().describe("Cores at most. Default: what the node has."),
    memory: memory.describe("Memory requested."),
    memoryLimit: memory.exactOptional().describe("Memory at most. Default: `memory`."),
    gpuPool: name.exactOptional().describe("Pool whose GPUs it gets. Default: none."),
    gpus: z.int().min(1).exactOptional().describe("GPUs of that pool. Default: 1."),
    idleSeconds: seconds.exactOptional().describe("As in `cull`, for this profile."),
    gpuIdleSeconds: seconds.exactOptional().describe("As in `cull`, for this profile."),
});

const cull = z
    .strictObject({
        idleSeconds: seconds.default(3600).describe("Seconds without activity after which a notebook is stopped."),
        gpuIdleSeconds: seconds
            .default(900)
            .describe("Seconds after which one with GPUs is stopped when nothing computes, though a page is open."),
    })
    .default({ idleSeconds: 3600, gpuIdleSeconds: 900 })
    .describe("When idle notebooks are stopped. Their volumes stay.");

export const notebooks = z
    .strictObject({
        enabled: z.boolean().default(false).describe("Install JupyterHub."),
        cull,
        profiles: z
            .array(profile)
            .min(1)
            .exactOptional()
            .describe("What people choose from. Default: `small`, `cpu`, and `gpu-<pool>` for each pool of GPUs."),
        volumeSize: z
            .string()
            .regex(/^[1-9]\d*[KMGTP]i?$/, "a size with its unit, such as 10Gi")
            .default("10Gi")
            .describe("Volume of a notebook: a user's home in a team."),
        concurrentStarts: z.int().min(1).default(20).describe("Notebooks that start at the same time."),
        startSeconds: z
            .int()
            .min(30)
            .exactOptional()
            .describe(
                "Seconds in which a notebook must answer. Default: 300 in local, else 900: nodes may have to be made.",
            ),
        serversPerUser: z.int().min(1).default(3).describe("Notebooks of one user."),
    })
    .describe("Notebooks: JupyterHub.");
