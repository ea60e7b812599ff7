import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { basename, dirname } from "node:path/posix";

import { DatabaseAccess, DatabaseServer } from "../contracts";
import { MountedVolume } from "../kubernetes/pod";

/** How the administrator's commands reach a server: libpq's own variables. */
export function administratorEnvironment(server: DatabaseServer): k8s.types.input.core.v1.EnvVar[] {
    const fromSecret = (name: string, key: string) => ({
        name,
        valueFrom: { secretKeyRef: { name: server.adminSecretName, key } },
    });
    return [
        { name: "PGHOST", value: server.host },
        { name: "PGPORT", value: `${server.port}` },
        fromSecret("PGUSER", "username"),
        fromSecret("PGPASSWORD", "password"),
        { name: "PGSSLMODE", value: "verify-full" },
        { name: "PGSSLROOTCERT", value: CA_PATH },
    ];
}

/** The CAs where `administratorEnvironment` says that they are. */
export function caVolume(secretName: pulumi.Input<string>): MountedVolume {
    return caOf("ca", secretName, CA_PATH);
}

/** The CAs where a consumer of a database must have them. */
export function databaseCa({ secretName, caPath }: DatabaseAccess): MountedVolume {
    return caOf("database-ca", secretName, caPath);
}

function caOf(name: string, secretName: pulumi.Input<string>, path: string): MountedVolume {
    const items = [{ key: "ca.crt", path: basename(path) }];
    return { volume: { name, secret: { secretName, items, defaultMode: 0o440 } }, mountPath: dirname(path) };
}

const CA_PATH = "/etc/postgres-ca/ca.crt";
