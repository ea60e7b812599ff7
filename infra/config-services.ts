import { z } from "zod";

import { ObjectStoreKind } from "../components/contracts";
import { name } from "./config-names";
import { teamGpus } from "./config-queueing";

const quantity = z
    .string()
    .regex(/^\d+(\.\d+)?(m|[kMGTP]i?)?$/, "a Kubernetes quantity, such as 10Gi")
    .describe("A Kubernetes quantity.");

const cron = z
    .string()
    .regex(/^(\S+\s+){4}\S+$/, "five fields of a cron line, such as `0 3 * * *`")
    .describe("A cron line, in UTC.");

export const DatabaseKind = { Postgres: "postgres", Rds: "rds" } as const;
export type DatabaseKind = (typeof DatabaseKind)[keyof typeof DatabaseKind];

export const data = z
    .strictObject({
        objectStore: z
            .strictObject({
                kind: z
                    .enum(ObjectStoreKind)
                    .exactOptional()
                    .describe("`s3`, or `seaweedfs` in the cluster. Default: `s3` with `eks`, else `seaweedfs`."),
                volumeSize: quantity.default("20Gi").describe("Volume of SeaweedFS."),
                bucketPrefix: name
                    .exactOptional()
                    .describe("What the names of S3's buckets begin with. Default: `mlp-<environment>-<account>`."),
            })
            .default({ volumeSize: "20Gi" })
            .describe("Where artifacts, models, data sets and backups lie."),
        database: z
            .strictObject({
                kind: z
                    .enum(DatabaseKind)
                    .exactOptional()
                    .describe("`rds`, or `postgres` in the cluster. Default: `rds` with `eks`, else `postgres`."),
                volumeSize: quantity.default("20Gi").describe("Volume of the database, RDS or not."),
                instanceClass: z
                    .string()
                    .regex(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "a class of RDS instances, such as db.t4g.medium")
                    .exactOptional()
                    .describe("Class of the RDS instance. Default: `db.t4g.medium` in dev, else `db.m7g.large`."),
            })
            .default({ volumeSize: "20Gi" })
            .describe("The PostgreSQL 17 server of pipelines and model registry."),
        backup: z
            .strictObject({
                schedule: cron.default("17 2 * * *").describe("When databases are copied to the object store, in UTC."),
                keepDays: z.int().min(1).max(365).default(14).describe("Days that a copy is kept."),
            })
            .default({ schedule: "17 2 * * *", keepDays: 14 })
            .describe("Backups of the database."),
        retain: z
            .boolean()
            .exactOptional()
            .describe("Keep volumes and buckets when the platform is destroyed. Default: yes in staging and prod."),
        adopt: z
            .boolean()
            .default(false)
            .describe("Take over the volumes in the cluster that a destroyed platform has kept."),
    })
    .describe("Object store and database.");

const oidc = z
    .strictObject({
        issuer: z.url().describe("URL of the identity provider."),
        clientId: z
            .string()
            .min(1)
            .describe("Client of Argo's server there; its secret is the stack's `mlp:argoClientSecret`."),
        redirectUrl: z
            .url()
            .describe("Where the provider sends people back: the web UI's outer URL with `/oauth2/callback`."),
    })
    .describe("Sign-in of people to Argo's web UI, besides Kubernetes' tokens. Default: none.");

export const pipelines = z
    .strictObject({
        enabled: z.boolean().default(true).describe("Install Argo Workflows."),
        replicas: z
            .int()
            .min(1)
            .max(5)
            .exactOptional()
            .describe("Pods of controller and server. Default: 1 in local, else 2."),
        restrictTemplates: z
            .boolean()
            .exactOptional()
            .describe("Run only workflows of stored templates, unchanged. Default: no in local, else yes."),
        archiveDays: z.int().min(1).default(90).describe("Days that ended workflows stay in the archive."),
        oidc: oidc.exactOptional(),
    })
    .describe("Pipelines: Argo Workflows with its web UI.");

export const modelRegistry = z
    .strictObject({
        enabled: z.boolean().default(true).describe("Install MLflow."),
        replicas: z.int().min(1).max(9).exactOptional().describe("Pods of the server. Default: 1 in local, else 2."),
        hosts: z
            .array(z.string().min(1))
            .default([])
            .describe("Host names by which browsers reach it, besides those of its Service."),
    })
    .describe("Experiment tracking and model registry: MLflow.");

const teamQuota = z
    .strictObject({
        cpu: quantity.exactOptional().describe("Cores that the team's pods may request together."),
        memory: quantity.exactOptional().describe("Memory that they may request together."),
        gpus: z.int().min(0).exactOptional().describe("GPUs of each kind that they may request together."),
        pods: z.int().min(1).exactOptional().describe("Pods at a time."),
        storage: quantity.exactOptional().describe("Size of all volumes together."),
        memoryLimit: quantity.exactOptional().describe("Sum of their memory limits. Default: twice `memory`."),
        volumes: z.int().min(0).exactOptional().describe("PersistentVolumeClaims."),
        objects: z
            .record(z.string(), z.int().min(0))
            .exactOptional()
            .describe("Objects by plural and group, such as `services`, `configmaps`, `secrets` or `jobs.batch`."),
    })
    .describe("What the team may use at a time.");

export const team = z.strictObject({
    name: name.describe("Unique name; the team's namespace is `team-<name>`."),
    members: z.array(z.string().min(1)).default([]).describe("Users, as the cluster's API server names them."),
    groups: z.array(z.string().min(1)).default([]).describe("Groups, as the cluster's API server names them."),
    admins: z
        .array(z.string().min(1))
        .exactOptional()
        .describe("Users who keep the team's Secrets and volumes in order, and are members too. Default: none."),
    adminGroups: z.array(z.string().min(1)).exactOptional().describe("Groups with the same rights. Default: none."),
    protect: z
        .boolean()
        .exactOptional()
        .describe("Refuse to delete the team's namespace, by plain `pulumi up` too. Default: no."),
    quota: teamQuota.exactOptional(),
    gpus: teamGpus.exactOptional(),
});
