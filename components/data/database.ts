import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { DatabaseAccess, DatabaseServer, ImageSource } from "../contracts";
import { checksumOf } from "../kubernetes/checksum";
import { OneTimeJob } from "../kubernetes/one-time-job";
import { databaseEgress, inNamespace, tcp } from "../kubernetes/network";
import { administratorEnvironment, caVolume } from "./database-client";
import { DatabaseSpec, resolveDatabase } from "./database-resolve";

export interface DatabaseArgs {
    /** The server that it is made on. */
    server: DatabaseServer;
    /** The image `postgres`, whose Job makes it. */
    images: ImageSource;
    /** Namespace of the consumer: it gets the Secret, and its pods may connect to the server. */
    namespace: pulumi.Input<string>;
}

/** Where consumers mount `ca.crt`. */
const CA_PATH = "/etc/database/ca.crt";

/**
 * A database and the role that owns it, both with the component's name, its dashes as underscores. The role connects to
 * no other database.
 *
 * A new password reaches the server first and the consumer's Secret after it: the consumer's pods, restarted by
 * `access.checksum`, find both alike. Connections that are open stay.
 *
 * Deleting the component leaves the database and its data on the server.
 */
export class Database extends pulumi.ComponentResource {
    /** What the consumer needs, once the database is there. */
    readonly access: DatabaseAccess;

    constructor(name: string, args: DatabaseArgs, opts: pulumi.ComponentResourceOptions) {
        super("mlp:index:Database", name, {}, opts);
        const parent = { parent: this };
        const spec = resolveDatabase(args, name);
        const { server } = args;

        const password = new random.RandomPassword(`${name}-database`, { length: 32, special: false }, parent).result;
        const checksum = checksumOf(pulumi.interpolate`${password} ${server.caCertificates}`);
        const job = this.makeDatabase(name, args, spec, password, checksum);
        const secret = new k8s.core.v1.Secret(
            `${name}-database`,
            {
                metadata: { name: `${name}-database`, namespace: args.namespace },
                stringData: {
                    username: spec.database,
                    password,
                    uri: uriOf(server, spec.database, password),
                    "ca.crt": server.caCertificates,
                },
            },
            { ...parent, dependsOn: job },
        );
        this.admit(name, args);

        this.access = {
            host: server.host,
            port: server.port,
            database: spec.database,
            secretName: secret.metadata.name,
            caPath: CA_PATH,
            checksum,
        };
        this.registerOutputs({ access: this.access });
    }

    private makeDatabase(
        name: string,
        { server }: DatabaseArgs,
        { image, database }: DatabaseSpec,
        password: pulumi.Output<string>,
        checksum: pulumi.Output<string>,
    ): OneTimeJob {
        const { namespace } = server;
        const role = new k8s.core.v1.Secret(
            `${name}-role`,
            {
                metadata: { name: `${name}-role`, namespace },
                stringData: { password, "ca.crt": server.caCertificates },
            },
            { parent: this },
        );
        const rolePassword = { secretKeyRef: { name: role.metadata.name, key: "password" } };
        return new OneTimeJob(
            `${name}-database`,
            {
                namespace,
                image,
                command: ["postgres-database"],
                component: "database",
                environment: [
                    ...administratorEnvironment(server),
                    { name: "DATABASE", value: database },
                    { name: "ROLE_PASSWORD", valueFrom: rolePassword },
                ],
                volumes: [caVolume(role.metadata.name)],
                podAnnotations: { "mlp.dev/database": checksum },
                egress: [databaseEgress(server)],
                // The command itself waits two minutes for the server: what fails after that is not mended by trying.
                retries: 1,
                memory: { request: "64Mi", limit: "256Mi" },
            },
            { parent: this },
        );
    }

    /** Opens the server's network policy to the consumer's namespace. */
    private admit(name: string, { server, namespace }: DatabaseArgs): void {
        if (server.podLabels === undefined) return;
        new k8s.networking.v1.NetworkPolicy(
            `${name}-database-callers`,
            {
                metadata: { name: `${name}-database-callers`, namespace: server.namespace },
                spec: {
                    podSelector: { matchLabels: server.podLabels },
                    policyTypes: ["Ingress"],
                    ingress: [
                        {
                            ports: [tcp(server.port)],
                            from: [inNamespace(namespace)],
                        },
                    ],
                },
            },
            { parent: this },
        );
    }
}

function uriOf({ host, port }: DatabaseServer, database: string, password: pulumi.Output<string>) {
    const query = new URLSearchParams({ sslmode: "verify-full", sslrootcert: CA_PATH }).toString();
    return pulumi.interpolate`postgresql://${database}:${password}@${host}:${port}/${database}?${query}`;
}
