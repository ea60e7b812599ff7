import { z } from "zod";

import { name } from "./config-names";

export const queueing = z
    .strictObject({
        enabled: z.boolean().default(false).describe("Install Kueue: jobs of teams wait for their turn."),
        replicas: z
            .int()
            .min(1)
            .max(5)
            .exactOptional()
            .describe("Pods of the controller. Default: 1 in local, else 2."),
        podsReadyMinutes: z
            .int()
            .min(1)
            .exactOptional()
            .describe(
                "Minutes until all pods of a job must be ready; else it gives everything back and waits again. Default: 30.",
            ),
    })
    .describe("Queues of jobs, with GPUs that teams lend to one another: Kueue.");

const shareFields = {
    borrow: z.int().min(0).exactOptional().describe("GPUs on top, while others leave theirs idle. Default: all."),
    lend: z.int().min(0).exactOptional().describe("GPUs of its own that others may borrow. Default: all."),
};

const share = z.strictObject({
    nominal: z.int().min(0).describe("GPUs that are the team's own: it has them back at once."),
    ...shareFields,
});

/** One share of the only pool, or one of each pool by its name. */
export const teamGpus = z
    .strictObject({
        nominal: share.shape.nominal.exactOptional(),
        ...shareFields,
        pools: z.record(name, share).exactOptional().describe("Shares by pool, where the cluster has several."),
    })
    .describe(
        "What the team may use of the GPUs, with `queueing`. Default: an equal part of what others leave, and the rest to borrow.",
    );
