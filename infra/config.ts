import { z } from "zod";

/** Kubernetes names: lower-case letters, digits and dashes. */
const name = z.string().regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, "lower-case letters, digits and dashes");

const gpuPool = z.strictObject({
    name: name.describe("Unique name of the pool."),
    resource: z.string().default("nvidia.com/gpu").describe("Extended resource that pods request."),
    gpusPerNode: z.int().min(1).max(16).describe("Whole GPUs that one node offers."),
    maxNodes: z.int().min(1).default(1).describe("Nodes that the pool holds at its largest."),
    nodeLabels: z
        .record(z.string(), z.string())
        .default({})
        .describe("Labels that only nodes of this pool carry; leave it out where every node belongs to it."),
});

const shared = {
    storageClass: z.string().optional().describe("StorageClass of volumes that name none. Default: the cluster's."),
    gpuPools: z.array(gpuPool).default([]).describe("GPU nodes of the cluster."),
};

const embedded = z
    .strictObject({ kind: z.literal("embedded"), ...shared })
    .describe("The cluster that `mlp up` starts on this machine. Its GPUs are simulated.");

const existing = z
    .strictObject({
        kind: z.literal("existing"),
        ...shared,
        name: name
            .optional()
            .describe("Identifies the cluster for good. Needed in staging and prod; default elsewhere: the context."),
        kubeconfig: z
            .string()
            .optional()
            .describe(
                "Path of a kubeconfig. Default: $KUBECONFIG (of a list, the first that exists), else ~/.kube/config.",
            ),
        context: z.string().optional().describe("Context of the kubeconfig. Default: its current context."),
    })
    .describe("Any cluster that a kubeconfig reaches.");

const runtime = z.strictObject({
    framework: z.enum(["torch", "plain"]).describe("Framework that jobs name."),
    image: z.string().describe("Name of its image in images/catalogue.ts."),
});

const training = z.strictObject({
    replicas: z.int().min(1).max(5).optional().describe("Pods of each controller. Default: 1 in local, else 2."),
    runtimes: z
        .array(runtime)
        .optional()
        .describe("Frameworks to offer. Default: all; PyTorch with CUDA where an existing cluster has GPU pools."),
    certificates: z
        .strictObject({
            validityHours: z.int().min(1).describe("Hours that a webhook certificate lives."),
            renewBeforeHours: z.int().min(1).describe("Hours before its end from which on `up` renews it."),
        })
        .optional()
        .describe("Life of the webhook certificates. Default: one year, renewed in its last quarter."),
});

export const platformSchema = z
    .strictObject({
        environment: z.enum(["local", "dev", "staging", "prod"]).describe("What kind of environment this is."),
        cluster: z.discriminatedUnion("kind", [embedded, existing]).describe("Where the platform runs."),
        images: z
            .record(z.string(), z.string())
            .default({})
            .describe("References that take the place of the catalogue's, by its names: a mirror, or another version."),
        training: training.default({}).describe("The training layer."),
    })
    .describe("mlp:platform in stacks/Pulumi.<environment>.yaml");

/** `mlp:platform` as written in a stack file, with the schema's defaults. */
export type PlatformConfig = z.output<typeof platformSchema>;
