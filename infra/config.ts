import { z } from "zod";

import { GpuStack } from "../components/accelerators/gpu-stack";
import { eks } from "./config-eks";
import { gateway, identity } from "./config-gateway";
import { name } from "./config-names";
import { notebooks } from "./config-notebooks";
import { queueing } from "./config-queueing";
import { data, modelRegistry, pipelines, team } from "./config-services";

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
    .strictObject({
        kind: z.literal("embedded"),
        ...shared,
        networkPolicies: z
            .boolean()
            .exactOptional()
            .describe("Enforce NetworkPolicies, by a stand-in. Default: no, or what MLP_NETWORK_POLICIES says."),
    })
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
        .describe("Frameworks to offer. Default: all; PyTorch with CUDA where a cluster has real GPUs."),
    certificates: z
        .strictObject({
            validityHours: z.int().min(1).describe("Hours that a webhook certificate lives."),
            renewBeforeHours: z.int().min(1).describe("Hours before its end from which on `up` renews it."),
        })
        .optional()
        .describe("Life of the webhook certificates. Default: one year, renewed in its last quarter."),
});

const tags = z
    .strictObject({
        owner: z.string().min(1).describe("Team that answers for it."),
        costCenter: z.string().min(1).describe("Who pays for it."),
    })
    .describe("Tags of every AWS resource, beside `environment` and `platform`. Needed with `eks`.");

const budget = z
    .strictObject({
        monthlyUsd: z.number().positive().describe("What a month may cost, in USD."),
        emails: z.array(z.email()).min(1).max(10).describe("Told at 80 % spent, and once 100 % is forecast."),
    })
    .describe("An AWS budget over everything that carries this platform's tag. Default: none.");

const dns = z
    .strictObject({
        domain: z
            .string()
            .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain, such as ml.example.org")
            .describe("Domain of the platform's services, such as `ml.example.org`."),
        hostedZoneId: z
            .string()
            .regex(/^Z[A-Z0-9]+$/, "the id of a Route 53 hosted zone: Z…")
            .describe("Public Route 53 zone that holds the domain."),
    })
    .describe("Name and certificate of the platform's gateway. Default: none.");

const registry = z
    .strictObject({
        pullAccounts: z
            .array(z.string().regex(/^\d{12}$/, "an AWS account: twelve digits, in quotes"))
            .default([])
            .describe("Other AWS accounts whose nodes may pull, in quotes. Default: none."),
    })
    .describe("An ECR repository for each image, to which `mlp images push` carries them. Default: none.");

export const platformSchema = z
    .strictObject({
        environment: z.enum(["local", "dev", "staging", "prod"]).describe("What kind of environment this is."),
        layer: z
            .enum(["all", "cluster", "platform"])
            .default("all")
            .describe("What this stack holds. `platform` stands on the cluster of stack `<environment>-cluster`."),
        cluster: z
            .discriminatedUnion("kind", [embedded, existing, eks])
            .optional()
            .describe("Where the platform runs. Needed but in layer `platform`."),
        tags: tags.exactOptional(),
        budget: budget.exactOptional(),
        dns: dns.exactOptional(),
        registry: registry.exactOptional(),
        gpuStack: z
            .enum(GpuStack)
            .exactOptional()
            .describe(
                "What makes NVIDIA's GPUs schedulable: `device-plugin`, `dra` or `none`. Default: with `eks` what nodes lack; " +
                    "else nothing.",
            ),
        images: z
            .record(z.string(), z.string())
            .default({})
            .describe("References that take the place of the catalogue's, by its names: a mirror, or another version."),
        training: training.default({}).describe("The training layer."),
        data: data.prefault({}),
        pipelines: pipelines.prefault({}),
        modelRegistry: modelRegistry.prefault({}),
        queueing: queueing.prefault({}),
        gateway: gateway.prefault({}),
        identity: identity.prefault({}),
        notebooks: notebooks.prefault({}),
        teams: z.array(team).default([]).describe("Teams, each with a namespace of its own."),
        removedTeams: z
            .array(name)
            .exactOptional()
            .describe("Former teams that `mlp up` may delete although they still hold something. Default: none."),
    })
    .describe("mlp:platform in stacks/Pulumi.<environment>.yaml");

/** `mlp:platform` as written in a stack file, with the schema's defaults. */
export type PlatformConfig = z.output<typeof platformSchema>;
export type ClusterConfig = NonNullable<PlatformConfig["cluster"]>;
