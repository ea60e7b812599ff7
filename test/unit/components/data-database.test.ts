import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";

import { Database, Postgres, PostgresBackup } from "../../../components/data";
import { resolveDatabase } from "../../../components/data/database-resolve";
import { resolveBackup } from "../../../components/data/postgres-backup-resolve";
import { resolvePostgres } from "../../../components/data/postgres-resolve";
import {
    CONNECTION_MIB,
    mostConnections,
    settingArguments,
    settingsOf,
} from "../../../components/data/postgres-settings";
import { DatabaseServer, ObjectStore, ObjectStoreKind } from "../../../components/contracts";
import { InvalidConfiguration } from "../../../components/problems";
import { record, Registered } from "../../support/mocks";
import { policyFindings } from "../../support/policy-findings";

const digest = `sha256:${"0".repeat(64)}`;
const images = {
    references: {
        postgres: `mlp.internal/postgres:17@${digest}`,
        seaweedfs: `docker.io/chrislusf/seaweedfs:4@${digest}`,
    },
};
const store: ObjectStore = {
    kind: ObjectStoreKind.SeaweedFs,
    endpoint: "http://seaweedfs.mlp-data.svc:8333",
    region: "us-east-1",
    artifactsBucket: "artifacts",
    backupsBucket: "backups",
    administration: { namespace: "mlp-data", secretName: "identities", address: "seaweedfs:8333" },
};

interface PodSpec {
    readonly containers: readonly {
        readonly command?: string[];
        readonly args?: string[];
        readonly env?: readonly { readonly name: string; readonly value?: string }[];
        readonly livenessProbe?: { readonly exec: { readonly command: string[] } };
    }[];
}

let resources: Registered[];
let server: DatabaseServer;
const named = (type: string, name: string): Registered => {
    const found = resources.find((each) => each.type.endsWith(`:${type}`) && each.name === name);
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found;
};
const podOf = (spec: unknown) => (spec as { template: { spec: PodSpec } }).template.spec;

beforeAll(async () => {
    resources = await record(
        () => {
            const provider = new k8s.Provider("cluster", { kubeconfig: "kubeconfig" });
            const opts = { providers: { kubernetes: provider } };
            server = new Postgres("postgres", { namespace: "mlp-data", images }, opts).server;
            new Database("ml-flow", { server, images, namespace: "mlp-registry" }, opts);
            new Database(
                "outside",
                { server: { ...server, podLabels: undefined } as never, images, namespace: "x" },
                opts,
            );
            new PostgresBackup("postgres-backup", { server, store, images }, opts);
        },
        false,
        {},
        (type, name) => ({ id: `${name}-id`, ...(type.endsWith("RandomPassword") && { result: `secret-${name}` }) }),
    );
});

describe("a PostgreSQL server in the cluster", () => {
    it("takes connections of its own namespace alone until a database is made for another", () => {
        const { ingress } = named("NetworkPolicy", "postgres").inputs.spec as { ingress: { from: unknown }[] };
        expect(ingress.map(({ from }) => from)).toEqual([[{ podSelector: {} }]]);
        expect(named("NetworkPolicy", "ml-flow-database-callers").inputs.spec).toMatchObject({
            ingress: [
                {
                    ports: [{ port: 5432 }],
                    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mlp-registry" } } }],
                },
            ],
        });
    });

    it("is alive while it refuses connections, as it does in the recovery from a crash", () => {
        const [container] = podOf(named("StatefulSet", "postgres").inputs.spec).containers;
        expect(container?.livenessProbe?.exec.command.at(-1)).toMatch(/\|\| \[ \$\? = 1 \]$/);
    });

    it("starts anew with a new certificate or password", () => {
        expect(named("StatefulSet", "postgres").inputs.spec).toMatchObject({
            template: {
                metadata: {
                    annotations: {
                        "mlp.dev/certificate": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
                        "mlp.dev/password": expect.stringMatching(/^[0-9a-f]{64}$/) as string,
                    },
                },
            },
        });
    });

    it("breaks no policy of prod but those that want RDS and S3 there", () => {
        const rules = policyFindings(resources).map((finding) => finding.split(" ")[0]);
        expect([...new Set(rules)].sort()).toEqual(["database-managed", "no-static-object-keys"]);
    });
});

describe("a database", () => {
    it("tells no secret on a command line or in plain environment", () => {
        const [container] = podOf(named("Job", "ml-flow-database").inputs.spec).containers;
        expect(container?.command).toEqual(["postgres-database"]);
        const plain = container?.env?.filter(({ value }) => value !== undefined).map(({ name }) => name);
        expect(plain).toEqual(["PGHOST", "PGPORT", "PGSSLMODE", "PGSSLROOTCERT", "DATABASE"]);
    });

    it("hands its consumer a URI that checks the server", () => {
        const secret = named("Secret", "ml-flow-database").inputs;
        expect(secret.metadata).toMatchObject({ namespace: "mlp-registry" });
        const { uri } = secret.stringData as { uri: string };
        const { protocol, username, hostname, pathname, searchParams } = new URL(uri);
        expect([protocol, username, hostname, pathname]).toEqual([
            "postgresql:",
            "ml_flow",
            "postgres.mlp-data.svc",
            "/ml_flow",
        ]);
        expect(Object.fromEntries(searchParams)).toEqual({
            sslmode: "verify-full",
            sslrootcert: "/etc/database/ca.crt",
        });
    });

    it("opens no network policy where the server stands outside the cluster", () => {
        expect(() => named("NetworkPolicy", "outside-database-callers")).toThrow("no NetworkPolicy");
    });

    it.each(["postgres", "template1", "pg-stats", "rds-admin", "9lives", "a_restoring", "x".repeat(54)])(
        "may not be called %s",
        (name) => {
            expect(() => resolveDatabase({ images }, name)).toThrow(InvalidConfiguration);
        },
    );
});

describe("a server's settings", () => {
    it("are written as PostgreSQL reads them", () => {
        const settings = settingsOf({ memoryMiB: 1024, volumeMiB: 10240, maxConnections: 100 });
        expect(settingArguments(settings).join(" ")).toBe(
            "-c max_connections=100 -c shared_buffers=256MB -c effective_cache_size=512MB -c maintenance_work_mem=64MB " +
                "-c work_mem=3MB -c max_wal_size=1024MB -c min_wal_size=80MB",
        );
    });

    it("leave room for every connection, whatever the size", () => {
        const memory = fc.integer({ min: 256, max: 65536 });
        fc.assert(
            fc.property(memory, fc.integer({ min: 256, max: 1 << 20 }), fc.nat(), (memoryMiB, volumeMiB, some) => {
                const maxConnections = 10 + (some % (mostConnections(memoryMiB) - 9));
                const settings = settingsOf({ memoryMiB, volumeMiB, maxConnections });
                const { sharedBuffers, maintenanceWorkMem, workMem, maxWalSize } = settings;
                const taken = sharedBuffers + maintenanceWorkMem + maxConnections * (CONNECTION_MIB + workMem);
                expect(taken).toBeLessThanOrEqual(memoryMiB);
                expect(maxWalSize).toBeLessThanOrEqual(volumeMiB / 4);
            }),
        );
    });
});

describe("what is wrong", () => {
    it("is told of a server all at once", () => {
        const broken = () =>
            resolvePostgres(
                { images: { references: {} }, volume: { size: "ten" }, memory: "1GB", maxConnections: 5 },
                "db",
            );
        expect(broken).toThrow(/db\.images[^]*db\.volume\.size: "ten"[^]*db\.memory: "1GB"[^]*db\.maxConnections: 5/);
    });

    it("is told when the memory does not bear the connections", () => {
        expect(() => resolvePostgres({ images, memory: "256Mi", maxConnections: 100 }, "db")).toThrow(
            /maxConnections: 100 is not allowed \(a whole number from 10 to 32, which 256Mi of memory bears\)/,
        );
    });

    it("is told of a backup all at once", () => {
        const broken = () => resolveBackup({ images, schedule: "nightly", keepDays: 0, deadlineSeconds: 1 }, "backup");
        expect(broken).toThrow(/schedule: "nightly"[^]*keepDays: 0[^]*deadlineSeconds: 1/);
    });
});

describe("a backup", () => {
    it("runs at night, one at a time, beside the administrator's Secret", () => {
        const { metadata, spec } = named("CronJob", "postgres-backup").inputs as Record<
            string,
            Record<string, unknown>
        >;
        expect(metadata?.namespace).toBe("mlp-data");
        expect(spec).toMatchObject({ schedule: "17 2 * * *", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" });
    });

    it("writes below its own prefix alone", () => {
        const patch = named("SecretPatch", "postgres-backup-objects-identity").inputs.data as Record<string, string>;
        const identity = Buffer.from(Object.values(patch)[0] ?? "", "base64").toString();
        expect(identity).toContain("backups/postgres/");
        expect(identity).not.toContain("artifacts");
    });
});

it("says what a server's clients need", async () => {
    const host = await new Promise((resolve) => pulumi.output(server.host).apply(resolve));
    expect(host).toBe("postgres.mlp-data.svc");
});
