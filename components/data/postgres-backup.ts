import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer, ImageSource, ObjectStore } from "../contracts";
import { databaseEgress, networkPolicyOf, tcp } from "../kubernetes/network";
import { podSpecOf } from "../kubernetes/pod";
import { administratorEnvironment, caVolume } from "./database-client";
import { BucketPurpose, ObjectRight } from "./object-permission";
import { objectEnvironment, ObjectStoreAccess, seaweedEgress } from "./object-store-access";
import { BackupSpec, resolveBackup } from "./postgres-backup-resolve";

export interface PostgresBackupArgs {
    /** The server whose databases are copied. The CronJob stands in its namespace, where the administrator's Secret is. */
    server: DatabaseServer;
    /** Where the copies go: into its bucket of backups, below `postgres/`. */
    store: ObjectStore;
    /** The image `postgres`. */
    images: ImageSource;
    /** Five fields of cron, in UTC. Default: `17 2 * * *`, every night. */
    schedule?: string;
    /** Days after which a copy is deleted; the newest complete one always stays. Default: 14. */
    keepDays?: number;
    /** Seconds that one backup or restore may take. Default: 21600, six hours. */
    deadlineSeconds?: number;
}

/**
 * Every database of a server and its roles, copied to the object store on a schedule.
 *
 * A Job made from the CronJob with the variable `RESTORE` brings them back: see docs/data.md.
 */
export class PostgresBackup extends pulumi.ComponentResource {
    /** Of the CronJob. */
    readonly cronJobName: pulumi.Output<string>;

    constructor(name: string, args: PostgresBackupArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:PostgresBackup", name, {}, opts);
        const parent = { parent: this };
        const spec = resolveBackup(args, name);
        const { server, store, images } = args;
        const { namespace } = server;
        const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": COMPONENT };
        const metadata = { name, namespace, labels };

        const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
        const { access } = new ObjectStoreAccess(
            `${name}-objects`,
            {
                store,
                images,
                namespace,
                serviceAccountName: account.metadata.name,
                secretName: `${name}-objects`,
                permissions: [{ bucket: BucketPurpose.Backups, prefix: PREFIX, access: ObjectRight.Write }],
            },
            parent,
        );
        const egress = [databaseEgress(server), ...storeEgress(store)];
        new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: networkPolicyOf(labels, [], egress) }, parent);
        const ca = new k8s.core.v1.Secret(
            `${name}-ca`,
            { metadata: { name: `${name}-ca`, namespace }, stringData: { "ca.crt": server.caCertificates } },
            parent,
        );
        const pod = podSpecOf({
            name: COMPONENT,
            image: spec.image,
            command: ["postgres-backup"],
            environment: [...administratorEnvironment(server), ...objectEnvironment(access), ...settings(spec, store)],
            volumes: [caVolume(ca.metadata.name)],
            scratch: ["/tmp"],
            serviceAccountName: account.metadata.name,
            usesApi: false,
            cpu: "50m",
            memory: { request: "128Mi", limit: "512Mi" },
        });
        const cronJob = new k8s.batch.v1.CronJob(name, { metadata, spec: cronJobOf(spec, labels, pod) }, parent);

        this.cronJobName = cronJob.metadata.name;
        this.registerOutputs({ cronJobName: this.cronJobName });
    }
}

const COMPONENT = "postgres-backup";
const PREFIX = "postgres/";
/** Where EKS gives pods their credentials. */
const POD_IDENTITY_AGENT = { ports: [tcp(80)], to: [{ ipBlock: { cidr: "169.254.170.23/32" } }] };

type Variables = k8s.types.input.core.v1.EnvVar[];

function storeEgress({ administration }: ObjectStore): k8s.types.input.networking.v1.NetworkPolicyEgressRule[] {
    if (administration === undefined) return [{ ports: [tcp(443)] }, POD_IDENTITY_AGENT];
    return [seaweedEgress(administration)];
}

function settings({ keepDays }: BackupSpec, { backupsBucket }: ObjectStore): Variables {
    return [
        { name: "BACKUP_BUCKET", value: backupsBucket },
        { name: "BACKUP_PREFIX", value: PREFIX },
        { name: "KEEP_DAYS", value: `${keepDays}` },
    ];
}

function cronJobOf(
    { schedule, deadlineSeconds }: BackupSpec,
    labels: { [label: string]: string },
    pod: k8s.types.input.core.v1.PodSpec,
): k8s.types.input.batch.v1.CronJobSpec {
    return {
        schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        // A cluster that slept through the night catches up within the hour, or waits for the next.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
            metadata: { labels },
            spec: {
                backoffLimit: 2,
                activeDeadlineSeconds: deadlineSeconds,
                template: { metadata: { labels }, spec: { ...pod, restartPolicy: "Never" } },
            },
        },
    };
}
