import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { ServerCertificate } from "../certificates";
import { DatabaseServer, ImageSource } from "../contracts";
import { checksumOf } from "../kubernetes/checksum";
import { MountedVolume, PodArgs } from "../kubernetes/pod";
import { StatefulServer } from "../kubernetes/stateful-server";
import { PostgresSpec, resolvePostgres } from "./postgres-resolve";
import { ADMINISTRATOR, POSTGRES_PORT } from "./postgres-role";
import { settingArguments } from "./postgres-settings";
import { DataVolumeArgs } from "./volume";

export interface PostgresArgs {
    /** Namespace that already exists; of the server, its administrator's Secret and the Jobs that make databases. */
    namespace: pulumi.Input<string>;
    /** The image `postgres`. */
    images: ImageSource;
    /** Where the databases lie. Default: 10Gi of the cluster's default class, deleted with the server. */
    volume?: DataVolumeArgs;
    /** Memory limit, as a Kubernetes quantity; buffers and sorting follow from it. Default: `1Gi`. */
    memory?: string;
    /** Connections at a time. Default: 100. */
    maxConnections?: number;
    /**
     * Who may connect, besides the namespaces that a `Database` is made for and the pods of the server's own namespace.
     * Default: nobody.
     */
    callers?: k8s.types.input.networking.v1.NetworkPolicyPeer[];
}

/** The image's major version. */
const VERSION = "17";

/**
 * A PostgreSQL server in the cluster: one pod with a volume, reached over TLS only.
 *
 * Its administrator's password is generated. Replacing the RandomPassword restarts the server, which takes the new one
 * over before it answers.
 */
export class Postgres extends pulumi.ComponentResource {
    /** What databases and backups need. */
    readonly server: DatabaseServer;

    constructor(name: string, args: PostgresArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Postgres", name, {}, opts);
        const parent = { parent: this };
        const spec = resolvePostgres(args, name);
        const { namespace } = args;

        const certificate = new ServerCertificate(`${name}-certificate`, { namespace, serviceName: name }, parent);
        const password = new random.RandomPassword(`${name}-administrator`, { length: 32, special: false }, parent);
        const administrator = new k8s.core.v1.Secret(
            `${name}-administrator`,
            {
                metadata: { name: `${name}-administrator`, namespace },
                stringData: { username: ADMINISTRATOR, password: password.result },
            },
            parent,
        );
        const server = new StatefulServer(
            name,
            {
                namespace,
                component: COMPONENT,
                ...containerOf(spec),
                data: { mountPath: DATA_PATH, ...args.volume, size: spec.volumeSize },
                volumes: volumesOf(certificate.secretName, administrator.metadata.name),
                // Both are read at the start only.
                podAnnotations: {
                    "mlp.dev/certificate": certificate.checksum,
                    "mlp.dev/password": checksumOf(password.result),
                },
                callers: [{ podSelector: {} }, ...(args.callers ?? [])],
                gracePeriod: 120,
            },
            parent,
        );

        this.server = {
            host: pulumi.interpolate`${server.serviceName}.${namespace}.svc`,
            port: POSTGRES_PORT,
            version: VERSION,
            caCertificates: certificate.caCertificates,
            namespace,
            adminSecretName: administrator.metadata.name,
            podLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/component": COMPONENT },
        };
        this.registerOutputs({ server: this.server });
    }
}

const COMPONENT = "postgres";
const DATA_PATH = "/var/lib/postgresql";

function containerOf({ image, settings, memory }: PostgresSpec) {
    return {
        image,
        args: settingArguments(settings),
        ports: [{ name: "postgres", port: POSTGRES_PORT, servicePort: POSTGRES_PORT }],
        probes,
        scratch: ["/run/postgresql", "/tmp"],
        memory,
    };
}

/** It names whom the server would let in: a refusal would fill the log. */
const READY = ["pg_isready", "--quiet", "--host=/run/postgresql", "--username=postgres"];

/** A server that refuses connections is at work: it replays what a crash left, or is full. Only silence is death. */
const probes: NonNullable<PodArgs["probes"]> = {
    // Whoever interrupts the replay after a crash makes it start anew: half an hour.
    startupProbe: { exec: { command: READY }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 1800 },
    livenessProbe: {
        exec: { command: ["sh", "-c", `${READY.join(" ")} || [ $? = 1 ]`] },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 6,
    },
    readinessProbe: { exec: { command: READY }, periodSeconds: 2, timeoutSeconds: 5 },
};

function volumesOf(certificate: pulumi.Input<string>, administrator: pulumi.Input<string>): MountedVolume[] {
    const secret = (name: string, secretName: pulumi.Input<string>): MountedVolume => ({
        volume: { name, secret: { secretName, defaultMode: 0o440 } },
        mountPath: `/etc/postgres-${name}`,
    });
    return [
        secret("certificate", certificate),
        secret("administrator", administrator),
        // Parallel queries meet in shared memory; the runtime gives a container 64 MB of it.
        {
            volume: { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
            mountPath: "/dev/shm",
            readOnly: false,
        },
    ];
}
