import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { DatabaseServer } from "../contracts";
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
        { name: "PGSSLROOTCERT", value: `${CA_FOLDER}/ca.crt` },
    ];
}

/** The CAs where `administratorEnvironment` says that they are. */
export function caVolume(secretName: pulumi.Input<string>): MountedVolume {
    const items = [{ key: "ca.crt", path: "ca.crt" }];
    return { volume: { name: "ca", secret: { secretName, items, defaultMode: 0o440 } }, mountPath: CA_FOLDER };
}

const CA_FOLDER = "/etc/postgres-ca";
